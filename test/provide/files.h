/* SPDX-License-Identifier: BSD-3-Clause */
/* files.h - what the parts of the program files.c share. */
#ifndef TEST_PROVIDE_FILES_H
#define TEST_PROVIDE_FILES_H

#include "memory_files.h"
#include "say.h"

/* Whether the file at the path was written, or holds just the text. */
int put_file(const char *path, const char *text);
bool file_is(const char *path, const char *text);

/* files_names.c, files_places.c, files_more.c */
void test_names(void);
void test_places(void);
void test_more(void);

#endif
