/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stdio.h - descriptors 0, 1 and 2 on the machine's console, each as a pipe or
 * as the one terminal.
 */
#ifndef IO_STDIO_H
#define IO_STDIO_H

#include <stdbool.h>
#include "console.h"
#include "io/conmux.h"
#include "io/file.h"

struct stdio_config {
	struct console *console; /* NULL: output goes to platform_log */
	bool framed;
	bool is_pipe[3];
	bool is_closed[3]; /* no descriptor at all; is_pipe, too */
	unsigned rows, columns;
};

/*
 * Joins the console with the messages of core/panic.h, makes the files and
 * installs them.  Output works at once.  0 or -ENOMEM.
 */
int stdio_init(const struct stdio_config *config);
/* Begins to receive; device interrupts work.  0 or -errno. */
int stdio_start(void);

/*
 * Writes all that `from` holds by calls of put, which takes some of n bytes
 * and whose `ready` tells when it takes more; for file_ops.write.  One call
 * at a time writes, so what it writes isn't mixed with another's.
 */
struct stdio_writer {
	size_t (*put)(enum conmux_channel channel, const char *text, size_t n);
	bool (*ready)(void);
};
long stdio_write(struct file *f, struct uio *from,
		 const struct stdio_writer *writer);

/* f->data of the console's files: the channel of what is written to it. */
static inline void *stdio_data(enum conmux_channel channel)
{
	return (void *)(uintptr_t)channel;
}

static inline enum conmux_channel stdio_channel(const struct file *f)
{
	return (enum conmux_channel)(uintptr_t)f->data;
}

#endif
