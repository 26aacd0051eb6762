/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * console.h - the inside of console*.c.
 */
#ifndef PROVIDE_CONSOLE_H
#define PROVIDE_CONSOLE_H

#include "provide/provide.h"

static inline const struct halvm_console_provider *
console_of(const struct provide_file *f)
{
	return f->table;
}

/* 0, 1 or 2. */
static inline int console_stream(const struct provide_file *f)
{
	return (int)f->handle - 1;
}

/* struct provide_stream's state. */
enum { CONSOLE_ASKED = 1 };

/*
 * Whether the provider can be entered here.  The first time it can, it is asked
 * what is ready: before main there may be nobody to ask.
 */
bool console_enter(struct provide_file *f);

/* 0: a terminal of that size; -ENOTTY. */
int console_window(struct provide_file *f, struct halvm_window *w);

long console_status(struct provide_file *f, struct abi_stat *s);
long console_ioctl(struct provide_file *f, unsigned request, long argument);

/*
 * open(2) of /dev/stdin and its kin, if the console is meant: a descriptor; or
 * -ENXIO: it isn't.
 */
long provide_console_open(const char *path, unsigned flags);

#endif
