/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console protocol between a guest and halvm-run: one stream of bytes each
 * way, in which DLE (0x10) begins a record and all else is data.
 *
 * From the guest: all before `DLE V 1` is noise of the firmware. Then data
 * belongs to the channel that was named last, at first standard output.
 *
 *	DLE o, DLE e	standard output, standard error
 *	DLE l		the runtime's own messages
 *	DLE p		a panic's text follows, on the channel named
 *	DLE x HH	exit status, two hexadecimal digits; the end
 *	DLE DLE		the byte 0x10
 *
 * To the guest: data is standard input.
 *
 *	DLE d		its end
 *	DLE i, DLE t	SIGINT, SIGTERM
 *	DLE w RRRRCCCC	the terminal's rows and columns, hexadecimal
 *	DLE DLE		the byte 0x10
 *
 * Nothing here trusts the guest: the decoder keeps no more than a few bytes,
 * and records that it doesn't know are dropped and counted.
 */
#ifndef HALVM_DRIVER_FRAMES_H
#define HALVM_DRIVER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#define FRAMES_DLE 0x10
/* The version that this decoder knows. */
#define FRAMES_VERSION '1'

enum frames_channel {
	FRAMES_NOISE, /* before the guest's first record */
	FRAMES_OUT,
	FRAMES_ERR,
	FRAMES_LOG
};

struct frames {
	unsigned state;		     /* private; 0 at the start */
	unsigned char partial;	     /* private: of the status */
	enum frames_channel channel; /* of the data to come */
	bool started;		     /* DLE V came */
	bool panicked;		     /* DLE p came */
	bool ended;		     /* DLE x came; what follows is dropped */
	unsigned char status;	     /* valid if ended */
	unsigned long unknown;	     /* records dropped */
	char version; /* if not FRAMES_VERSION: a foreign guest */
};

/* n > 0 bytes for a channel. */
typedef void frames_fn(void *arg, enum frames_channel channel, const char *text,
		       size_t n);

/* A zero struct frames is a decoder at the start. */
void frames_decode(struct frames *f, const char *text, size_t n, frames_fn *fn,
		   void *arg);

/*
 * Writes the n bytes of standard input as they go to the guest; returns how
 * many bytes of `out`, which has room for 2 * n.
 */
size_t frames_encode(const char *text, size_t n, char *out);

/* Longest record to the guest. */
#define FRAMES_RECORD_MAX 10
/* Each writes a record and returns its size. */
size_t frames_mark(char mark, char *out); /* d, i or t */
size_t frames_window(unsigned rows, unsigned columns, char *out);

#endif
