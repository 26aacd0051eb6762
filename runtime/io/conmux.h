/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * conmux.h - one console for standard output, standard error, the runtime's
 * messages, the exit status and standard input.
 *
 * Framed, DLE (0x10) escapes on the one stream each way; all else is data.
 * From here: DLE V 1 once, at first; DLE o, e or l chooses the channel of what
 * follows, at first o; DLE x HH the exit status, in hexadecimal; DLE p a panic
 * follows; DLE DLE a literal 0x10.  To here: data is standard input; DLE DLE;
 * DLE d its end; DLE i and DLE t SIGINT and SIGTERM; DLE w RRRRCCCC the
 * window's rows and columns, in hexadecimal.
 * Not framed, all channels are data, and so is all that comes.
 *
 * Order among the channels is kept.  What the device doesn't take now waits in
 * a ring; when that is full, writers are told and wait on conmux_queue.
 */
#ifndef IO_CONMUX_H
#define IO_CONMUX_H

#include <stdbool.h>
#include <stddef.h>
#include "console.h"
#include "core/wait.h"

enum conmux_channel {
	CONMUX_STDOUT = 'o',
	CONMUX_STDERR = 'e',
	CONMUX_LOG = 'l',
};

/*
 * Who gets the input.  Called in any context, one at a time, with a spin lock
 * held: must not call back into conmux but to write.
 */
struct conmux_input {
	/* Takes some of n bytes; if not all, conmux_resume when there is room
	 */
	size_t (*data)(const char *text, size_t n);
	void (*end)(void);
	void (*signal)(int sig);
	void (*window)(unsigned rows, unsigned columns);
};

/* Woken with POLLOUT when there is room again. */
extern struct wait_queue conmux_queue;

/*
 * Start.  c may be NULL: output goes to platform_log.  With crlf, the log's
 * line ends become CR LF on a console that isn't framed.
 */
void conmux_init(struct console *c, bool framed, bool crlf,
		 const struct conmux_input *input);
/* Begins to receive; interrupts of devices work.  0 or -errno. */
int conmux_start(void);

/*
 * Sends or stores some of n bytes; returns how many, 0 if there is no room.
 * Any context.
 */
size_t conmux_write(enum conmux_channel channel, const char *text, size_t n);
/* All (n <= 64) or nothing. */
bool conmux_write_all(enum conmux_channel channel, const char *text, size_t n);
/* A write of some bytes would take them; poll(2) promises room for more. */
bool conmux_has_room(void);
bool conmux_is_writable(void);
/* The device has taken all output. */
bool conmux_is_empty(void);
/* The input's owner has room again.  Not with its locks held. */
void conmux_resume(void);

/* For core/panic.h's log_output and panic_output.  Any context. */
void conmux_log(const char *text, size_t n);
void conmux_panic(const char *text, size_t n);

/* Sleeps until all output is with the device, or it is dead. */
void conmux_flush(void);
/*
 * The last word: flushes, tells the status 0..255, flushes.  Sleeps, but after
 * conmux_panic, when it polls, in any context.
 */
void conmux_exit(int status);

#endif
