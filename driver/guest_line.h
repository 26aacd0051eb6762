/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A guest's command line, as runtime/boot/options.h reads it: words with
 * blanks between them, those with odd characters in double quotes.
 */
#ifndef HALVM_DRIVER_GUEST_LINE_H
#define HALVM_DRIVER_GUEST_LINE_H

/* *line, which the caller frees, is made longer by `text` as it is. */
void guest_line_text(char **line, const char *text);
/* By a word, with a blank before it if the line isn't empty. */
void guest_line_word(char **line, const char *word);
/* By the word halvm.NAME=VALUE. */
void guest_line_option(char **line, const char *name, const char *value);

#endif
