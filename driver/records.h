/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What halvm-run and the dom0 of a test bed say to each other, over one byte
 * stream each way (a virtio serial port there, its socket here): records of a
 * byte for the type, 4 bytes for the length, little-endian, and as many bytes.
 *
 * To dom0:
 *	Q	a request, lines key=value:
 *		nonce=WORD	comes back in A
 *		name=WORD	of the domain, for people
 *		memory=BYTES vcpus=N
 *	K	the image; several follow one another
 *	R	the ramdisk, likewise; none is sent if there is none
 *	C	the guest's command line
 *	L	more lines for xl's configuration
 *	P	instead of K to L: a command of dom0, a word a line: xl,
 *		xenstore-read, xenstore-ls or xenstore-write
 *	G	go; a line time=NS, nanoseconds since 1970
 *	I	the console's input
 *	Z	enough: destroy it
 *
 * From dom0:
 *	H	RECORDS_HELLO, now and then, as long as it waits for a request
 *	A	nonce=WORD; what comes from now on is about that request
 *	O	the console's output
 *	E	text for standard error
 *	W	decimal: so many bytes of input were taken, which a client that
 *		never has more than RECORDS_WINDOW on the way waits for; so
 *		dom0 can always read on, and finds a Z at once
 *	X	decimal: the exit status of what ran the domain, which is gone
 *
 * The stream has no ends: what one client left of it, the next one finds. So a
 * client looks for the bytes of H, and then for those of its A, in whatever
 * comes; and dom0 ends what it does when its client goes away (a hangup of the
 * port) or says what has no place. Whoever gets no answer connects again.
 *
 * Nothing here trusts the peer: a length is only counted down.
 */
#ifndef HALVM_DRIVER_RECORDS_H
#define HALVM_DRIVER_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queue.h"

#define RECORDS_HELLO "halvm test bed, protocol 1\n"
/* Bytes of input on the way, at most. */
#define RECORDS_WINDOW 8192u
/* The longest of those that are read whole. */
#define RECORDS_TEXT_MAX 65536u

struct records {
	const char *types; /* that may come */
	bool broken;	   /* another one came; what follows is dropped */
	/* Private. */
	unsigned char head[5];
	unsigned have;
	uint32_t left;
	char *text;
	size_t text_len;
};

/* n bytes of a record's data; `end` with the last, n may then be 0. */
typedef void records_fn(void *arg, char type, const char *data, size_t n,
			bool end);

/*
 * {.types = ...} is a decoder at the start. A function that sets r->broken
 * gets nothing more.
 */
void records_decode(struct records *r, const char *data, size_t n,
		    records_fn *fn, void *arg);
/*
 * For use in a records_fn: collects data; the whole text and a NUL with the
 * last piece, which is good until the next call; else NULL. A text with a NUL
 * in it, or one of more than RECORDS_TEXT_MAX bytes, breaks the decoder.
 */
const char *records_text(struct records *r, const char *data, size_t n,
			 bool end);
void records_free(struct records *r);

/* Value of the line KEY=VALUE, which the caller frees; NULL if it's not there
 */
char *records_value(const char *text, const char *key);

void records_add(struct queue *q, char type, const void *data, size_t n);
void records_add_text(struct queue *q, char type, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Looks for `want` of length `len` in a stream that comes in pieces. *seen,
 * first 0, is how much of it the last piece ended with. Returns how many bytes
 * of data go to its end; 0 if it isn't there yet.
 */
size_t records_find(const char *want, size_t len, size_t *seen,
		    const char *data, size_t n);

#endif
