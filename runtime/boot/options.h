/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options.h - the guest's command line.
 *
 * Words are separated by blanks; double quotes group, a backslash takes the
 * next character as it is, in quotes and out of them.  Words of the form
 * halvm.NAME=VALUE before the word -- are options; words after it are the
 * program's arguments; all others are ignored.
 *
 *	halvm.argv0=NAME	the program's name (argv[0])
 *	halvm.env=NAME=VALUE	a variable of the environment; repeat
 *	halvm.host=NAME		the host's name
 *	halvm.cwd=DIR		the working directory
 *	halvm.console=NAME	serial0 or virtio0
 *	halvm.framed=1		the console carries the framed protocol
 *	halvm.stdin=KIND	what the stream is: tty, pipe or closed; so with
 *				halvm.stdout=, halvm.stderr=
 *	halvm.tty-size=RxC	rows and columns
 *	halvm.log=LEVEL		error, warning, info, debug
 *	halvm.debug-exit=PORT	QEMU's isa-debug-exit takes the status
 *	halvm.virtio-mmio=SIZE@BASE:IRQ
 *				a virtio device; repeat
 *
 * The line comes from the loader and is not to be trusted: whatever it holds,
 * parsing ends, in time and memory proportional to its length.
 */
#ifndef BOOT_OPTIONS_H
#define BOOT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bus.h"
#include "core/panic.h"

enum console_choice { CONSOLE_AUTO, CONSOLE_SERIAL0, CONSOLE_VIRTIO0 };

struct boot_options {
	char **arguments; /* NULL-terminated, [0] is the program's name */
	unsigned argument_count;
	char **environment; /* NULL-terminated, each NAME=VALUE */
	unsigned environment_count;
	const char *host_name; /* NULL: not given; so with cwd */
	const char *cwd;
	enum console_choice console;
	bool framed;
	bool is_pipe[3];	/* fd 0, 1, 2; else a terminal */
	bool is_closed[3];	/* is_pipe, too */
	unsigned rows, columns; /* 0: unknown */
	enum log_level log_level;
	uint16_t debug_exit; /* 0: none */
	struct bus_device *virtio_mmio;
	unsigned virtio_mmio_count;
	char **bad; /* words that were not understood */
	unsigned bad_count;
	char *words; /* the text that the others point at */
};

/*
 * Fills in *options; what it points at lives as long as the machine.  Words it
 * doesn't understand are kept for boot_options_report.  0 or -ENOMEM.
 */
int boot_options_parse(const char *line, struct boot_options *options);

/* Warns of the words that were not understood; when the log has an output. */
void boot_options_report(const struct boot_options *options);

/* Gives the memory back; for tests. */
void boot_options_free(struct boot_options *options);

#endif
