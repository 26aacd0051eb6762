/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * store.h - xenstore: the tree of strings that dom0 keeps for all domains.
 *
 * Paths are absolute, or relative to this domain's home.  Functions return 0
 * or a length, or -errno: what xenstored answered; -EIO if the connection is
 * dead, which it is for ever once xenstored broke the protocol or did not
 * answer for a minute; -EAGAIN in a transaction that must be begun again.
 *
 * What waits does so as a thread, or by polling where interrupts are off or
 * xenstore_start wasn't called yet; never in a callback.
 */
#ifndef DEV_XEN_STORE_H
#define DEV_XEN_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "xen.h"
#include "halvm/abi/errno.h"
#include <xen/io/xs_wire.h>
#include "lib/list.h"

/* Finds the ring.  0, or -ENODEV: the domain has no xenstore. */
int xenstore_open(void);
/* Interrupts work from here on.  0 or -errno. */
int xenstore_start(void);

/* NULL in its place: in none. */
struct xenstore_tx {
	uint32_t id;
	unsigned epoch; /* counts resumes, which end transactions */
};

/*
 * The value's length; in `value` it is followed by a NUL, for which there must
 * be room: -ERANGE.  Values are at most XENSTORE_PAYLOAD_MAX bytes.
 */
long xenstore_read(const struct xenstore_tx *tx, const char *path, char *value,
		   size_t size);
/* Makes what is missing of the path.  -E2BIG: too long. */
int xenstore_write(const struct xenstore_tx *tx, const char *path,
		   const void *value, size_t n);
int xenstore_mkdir(const struct xenstore_tx *tx, const char *path);
/* With all below it. */
int xenstore_remove(const struct xenstore_tx *tx, const char *path);
/* The children's names, each with a NUL, one after the other; how many bytes.
 */
long xenstore_list(const struct xenstore_tx *tx, const char *path, char *names,
		   size_t size);
/* The home of a domain, as xenstore_read. */
long xenstore_domain_path(domid_t domain, char *path, size_t size);

int xenstore_begin(struct xenstore_tx *tx);
/* -EAGAIN: somebody else changed what was read; nothing was done. */
int xenstore_end(const struct xenstore_tx *tx, bool commit);
/*
 * Calls fn in a transaction, again if it met with others; what fn returned if
 * that isn't 0, and then nothing was done.
 */
int xenstore_transact(int (*fn)(const struct xenstore_tx *tx, void *argument),
		      void *argument);

/* --- Without waiting --- */

struct xenstore_piece {
	const void *data;
	size_t size;
};

#define XENSTORE_PIECES 4

/*
 * A message to xenstored, the caller's until `done` is called.  That is with
 * interrupts off, without locks, and must not wait; it may submit requests.
 */
struct xenstore_request {
	unsigned type; /* XS_* */
	uint32_t tx_id;
	struct xenstore_piece piece[XENSTORE_PIECES];
	char *reply;
	size_t reply_size; /* 0: the reply doesn't matter; else as for read */
	void (*done)(struct xenstore_request *r);
	/* What became of it. */
	int error; /* 0 or -errno */
	size_t reply_length;
	/* store.c's */
	struct list node;
	struct xsd_sockmsg header;
	size_t sent; /* bytes in the ring, the header's included */
	bool finished;
};

/* Any context, interrupts off or on. */
void xenstore_submit(struct xenstore_request *r);
/* Sets piece i to a string with its NUL. */
void xenstore_string(struct xenstore_request *r, unsigned i, const char *text);
/* Submits it and waits; `done` is ours.  r->error; at most ns. */
int xenstore_call(struct xenstore_request *r, uint64_t ns);

/*
 * Tells of changes at the path and below it, and once at first.  `changed` is
 * called as `done`; `path` is as the watch's, with what is below.
 */
struct xenstore_watch {
	const char *path;
	void (*changed)(struct xenstore_watch *w, const char *path);
	/* store.c's */
	struct list node;
	char token[12];
	struct xenstore_request request;
};

/* May begin to call `changed` before it returns. */
int xenstore_watch(struct xenstore_watch *w);
/* Without waiting; an error is told in the log. */
void xenstore_watch_soon(struct xenstore_watch *w);
/* `changed` isn't called any more. */
void xenstore_unwatch(struct xenstore_watch *w);

/* --- The end, and other domains --- */

/*
 * A write in a panic: without locks, allocation and other callbacks; gives up
 * after two seconds.  Nothing else may follow.
 */
int xenstore_panic_write(const char *path, const void *value, size_t n);

/*
 * Around xen_suspend, interrupts off, in no callback of ours: waits until
 * nothing is under way, 0 or -errno; and begins anew, with the same watches.
 */
int xenstore_suspend(void);
void xenstore_resume(void);

#endif
