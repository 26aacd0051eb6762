/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stdpipe.h - standard streams that look like pipes to the program.
 */
#ifndef IO_STDPIPE_H
#define IO_STDPIPE_H

#include "io/conmux.h"
#include "io/file.h"

/* Standard input is one: makes its buffer.  0 or -ENOMEM. */
int stdpipe_init(void);
bool stdpipe_is_open(void);
/* A file each; NULL: no memory. */
struct file *stdpipe_open_input(void);
struct file *stdpipe_open_output(enum conmux_channel channel);

/* What comes from the console: takes some of it; any context. */
size_t stdpipe_input(const char *text, size_t n);
/* Nothing comes any more. */
void stdpipe_end(void);

#endif
