/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * console.h - what a console driver offers: a stream of bytes each way.
 */
#ifndef RUNTIME_CONSOLE_H
#define RUNTIME_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

struct console {
	const char *name; /* "serial0", "virtio0" */
	void *driver;	  /* the driver's own */
	/*
	 * Sends some of the n bytes without waiting for a thread to run:
	 * returns how many, 0 if the device takes none now.  Any context, also
	 * in a panic; the caller keeps others out.
	 */
	size_t (*send)(struct console *c, const char *text, size_t n);
	/*
	 * Set by the user of the console before `start`; both are called in
	 * interrupt context: bytes have come; the device takes bytes again.
	 * `received` returns how many it took; the driver keeps the rest and
	 * offers it again after `resume`.
	 */
	size_t (*received)(void *owner, const char *text, size_t n);
	void (*writable)(void *owner);
	void *owner;
	/* Begins to receive.  0 or -errno. */
	int (*start)(struct console *c);
	/* The owner has room again. */
	void (*resume)(struct console *c);
	/* Sends all that is queued, polling; for panic and shutdown. */
	void (*flush)(struct console *c);
	/*
	 * All that was sent has left the driver; if not, `writable` is called
	 * when it has.  As `send` in all else.
	 */
	bool (*is_idle)(struct console *c);
	/* Set by the owner in a panic: the driver waits for no lock. */
	bool panicking;
};

#endif
