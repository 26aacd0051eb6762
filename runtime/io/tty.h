/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty.h - the one terminal: line discipline on the machine's console, with
 * the modes of termios(3).
 */
#ifndef IO_TTY_H
#define IO_TTY_H

#include "io/conmux.h"
#include "io/file.h"

/* Rows and columns, 0 if unknown.  0 or -ENOMEM. */
int tty_init(unsigned rows, unsigned columns);
/* Where input is echoed; 0: nowhere. */
void tty_set_echo(enum conmux_channel channel);

/*
 * A file of the terminal: what is written to it goes out by `channel`, or
 * where the echo goes (/dev/tty, /dev/console).  NULL: no memory.  Without a
 * terminal (all standard streams are pipes) tty_open gives NULL too; ask
 * tty_exists, and answer -ENXIO.
 */
struct file *tty_open_channel(uint32_t flags, enum conmux_channel channel);
struct file *tty_open(uint32_t flags);
bool tty_exists(void);

/* From the console; any context.  tty_input takes some of n bytes. */
size_t tty_input(const char *text, size_t n);
/* Nothing comes any more. */
void tty_end(void);
/* The window's size changed: SIGWINCH. */
void tty_resize(unsigned rows, unsigned columns);

#endif
