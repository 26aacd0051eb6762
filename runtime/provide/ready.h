/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ready.h - placeholders that show what a provider's object is ready for.
 *
 * The program's descriptor of a provider's socket, or of its console, is one
 * end of a stream socketpair of the target below.  Nothing the program sends
 * goes through it; it is there to be waited for.  So poll, select, epoll, dup
 * and O_NONBLOCK are the target's own, and never enter the provider.
 *
 *   POLLIN      a byte lies in the program's end
 *   POLLOUT     the program's end has sent nothing, or more than it may
 *   POLLERR     shows as both
 *   POLLRDHUP, POLLHUP
 *               show as POLLIN and as both, and once they are final for good:
 *               the other end is shut down, which can't be undone
 *
 * All of this is done from two hidden descriptors of high numbers: the other
 * end, and a twin of the program's.  The program's own may be closed or moved
 * at any time; the twin is closed with the last of them, so the target sees the
 * socket's end when the program expects it, epoll's sets for instance.
 */
#ifndef PROVIDE_READY_H
#define PROVIDE_READY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Who tells may hold locks of the provider's, which closing needs: so telling
 * takes no reference of the description, or it might be the last one.  The
 * state has a generation; what was told for a former one is dropped
 * (ready_tell_seen).  The memory must stay while ready_gone() is false.
 *
 * One caller at a time brings the descriptors up to date, the others leave word
 * and go: nobody waits, and a signal's handler may tell in the middle of it.
 */
struct ready {
	uint64_t state; /* atomic: see ready.c */
	int hidden, twin;
	/* What is shown, for who is at it. */
	bool readable, writable, small;
	uint8_t shut;
};

/*
 * A new placeholder that shows `events`; type_flags: SOCK_CLOEXEC and
 * SOCK_NONBLOCK of the program's end.  That end, or -errno.
 */
int ready_open(struct ready *r, unsigned type_flags, unsigned events);

/* The hidden ends go, unless they have, as soon as nobody is at it. */
void ready_close(struct ready *r);
/* They have gone, or there were none. */
bool ready_gone(const struct ready *r);

/* What holds from now on.  The newest wins.  Async-signal-safe. */
void ready_tell(struct ready *r, unsigned events);
/*
 * The same if the placeholder is still the one that `seen` is of, which was got
 * before it was known to be the right one; else false.
 */
uint64_t ready_seen(const struct ready *r);
bool ready_tell_seen(struct ready *r, unsigned events, uint64_t seen);

/* What held at first: nothing if somebody has told meanwhile. */
void ready_first(struct ready *r, unsigned events);

/*
 * A call found the object not ready for one of these (POLLIN, POLLOUT), or as
 * good as: when it is told again, that is news for who waits for edges
 * (EPOLLET), though nobody told that it wasn't in between.
 */
void ready_again(struct ready *r, unsigned events);

/* From now on POLLHUP and POLLRDHUP are final: a stream that is connected. */
void ready_final(struct ready *r);
/* The next POLLOUT without an error means that it is; or not any more. */
void ready_connecting(struct ready *r, bool yes);
bool ready_is_connecting(const struct ready *r);

/* The events told last. */
unsigned ready_events(const struct ready *r);

#endif
