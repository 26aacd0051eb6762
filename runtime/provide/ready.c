/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ready.c - see ready.h.
 *
 * The state is one word.  Its lowest half-word holds the events told last, its
 * upper half the generation.  BUSY means that somebody shows the state in the
 * descriptors, DIRTY that it has changed since they looked: whoever finds BUSY
 * clear does the work, and goes on until the state stays clean.
 */
#include "provide/provide.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/socket.h"

#define EVENTS (POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP)
#define BUSY (1UL << 16)
#define DIRTY (1UL << 17)
#define OPEN (1UL << 18) /* there are descriptors, or were */
#define CLOSED (1UL << 19)
#define GONE (1UL << 20) /* they are closed */
#define TOLD (1UL << 21)
#define CONNECTING (1UL << 22)
#define FINAL (1UL << 23)
/* Not ready when it was last tried; the next time it is told makes an edge. */
#define AGAIN_IN (1UL << 24)
#define AGAIN_OUT (1UL << 25)
#define EDGE_IN (1UL << 26)
#define EDGE_OUT (1UL << 27)
#define GENERATION (1UL << 32)

static uint32_t generations;

enum { SHUT_NONE, SHUT_INPUT, SHUT_ALL };

/* More than the smallest send buffer of any target; one message on Linux. */
#define FILL_BYTES 2048

#define QUIET (MSG_DONTWAIT | MSG_NOSIGNAL)

static long put(int fd, const void *from, size_t n)
{
	return target(sendto, fd, (long)from, (long)n, QUIET, 0, 0);
}

static long take(int fd, void *to, size_t n)
{
	return target(recvfrom, fd, (long)to, (long)n, QUIET, 0, 0);
}

/* Ends as a send buffer can't be endless: some bytes, then -EAGAIN. */
static void fill(struct ready *r)
{
	static const char nothing[FILL_BYTES];
	static const int least = 1;

	if (!r->small)
		target(setsockopt, r->twin, SOL_SOCKET, SO_SNDBUF, (long)&least,
		       sizeof(least));
	r->small = true;
	while (put(r->twin, nothing, sizeof(nothing)) > 0)
		;
}

static void drain(int fd)
{
	char dropped[FILL_BYTES];

	while (take(fd, dropped, sizeof(dropped)) > 0)
		;
}

static void show_output(struct ready *r, bool writable, bool edge)
{
	char byte = 0;

	if (writable != r->writable) {
		if (writable)
			drain(r->hidden);
		else
			fill(r);
		r->writable = writable;
	} else if (writable && edge && put(r->twin, &byte, 1) == 1) {
		/* A buffer gets room: the target wakes who waits for that. */
		take(r->hidden, &byte, 1);
	}
}

static void show_input(struct ready *r, bool readable, bool edge)
{
	char byte = 0;

	if (readable != r->readable) {
		if (readable)
			put(r->hidden, &byte, 1);
		else
			drain(r->twin);
		r->readable = readable;
	} else if (readable && edge && put(r->hidden, &byte, 1) == 1) {
		/* First the new one: it must not look empty in between. */
		take(r->twin, &byte, 1);
	}
}

static void show(struct ready *r, uint64_t state)
{
	bool hup = state & POLLHUP, error = state & POLLERR;

	if (r->shut == SHUT_ALL)
		return;
	show_output(r, error || hup || state & POLLOUT, state & EDGE_OUT);
	if (r->shut == SHUT_NONE)
		show_input(r, error || hup || state & (POLLIN | POLLRDHUP),
			   state & EDGE_IN);
	if (!(state & FINAL))
		return;
	if (hup) {
		target(shutdown, r->hidden, SHUT_RDWR);
		r->shut = SHUT_ALL;
	} else if (state & POLLRDHUP && r->shut == SHUT_NONE) {
		target(shutdown, r->hidden, SHUT_WR);
		r->shut = SHUT_INPUT;
	}
}

/* The caller has set BUSY; after CLOSED it stays set. */
static void work(struct ready *r)
{
	uint64_t state;

	for (;;) {
		state = __atomic_fetch_and(
		    &r->state, ~(DIRTY | EDGE_IN | EDGE_OUT), __ATOMIC_ACQ_REL);
		if (state & CLOSED) {
			provide_unhide(r->twin);
			provide_unhide(r->hidden);
			__atomic_fetch_or(&r->state, GONE, __ATOMIC_RELEASE);
			return;
		}
		show(r, state);
		state = __atomic_load_n(&r->state, __ATOMIC_RELAXED);
		while (!(state & DIRTY)) {
			if (__atomic_compare_exchange_n(
				&r->state, &state, state & ~BUSY, false,
				__ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
				return;
		}
	}
}

/* True: the state was *old and is `new` now, and shown, or will be. */
static bool change(struct ready *r, uint64_t *old, uint64_t new)
{
	if (new == *old)
		return true;
	if (!__atomic_compare_exchange_n(&r->state, old, new | DIRTY | BUSY,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return false;
	if (!(*old & BUSY))
		work(r);
	return true;
}

static uint64_t told(uint64_t old, unsigned events)
{
	uint64_t new = (old & ~(uint64_t)EVENTS) | events | TOLD;
	bool failed = events & POLLERR && !(old & POLLERR);
	bool input = events & POLLIN && (!(old & POLLIN) || old & AGAIN_IN);
	bool output = events & POLLOUT && (!(old & POLLOUT) || old & AGAIN_OUT);

	if (failed || input)
		new = (new & ~AGAIN_IN) | EDGE_IN;
	if (failed || output)
		new = (new & ~AGAIN_OUT) | EDGE_OUT;
	if (old & CONNECTING && events & POLLOUT &&
	    !(events & (POLLERR | POLLHUP)))
		new = (new & ~CONNECTING) | FINAL;
	return new;
}

/* Unless the placeholder has one of the bits. */
static void tell(struct ready *r, unsigned events, uint64_t unless)
{
	uint64_t old = ready_seen(r);

	do {
		if (old & unless || !(old & OPEN))
			return;
	} while (!change(r, &old, told(old, events & EVENTS)));
}

void ready_tell(struct ready *r, unsigned events)
{
	tell(r, events, CLOSED);
}

void ready_first(struct ready *r, unsigned events)
{
	tell(r, events, CLOSED | TOLD);
}

uint64_t ready_seen(const struct ready *r)
{
	return __atomic_load_n(&r->state, __ATOMIC_ACQUIRE);
}

bool ready_tell_seen(struct ready *r, unsigned events, uint64_t seen)
{
	uint64_t old = seen;

	do {
		if (old & CLOSED || !(old & OPEN) ||
		    old / GENERATION != seen / GENERATION)
			return false;
	} while (!change(r, &old, told(old, events & EVENTS)));
	return true;
}

static void set(struct ready *r, uint64_t bits, uint64_t clear)
{
	uint64_t old = ready_seen(r);

	do {
		if (!(old & OPEN))
			return;
	} while (!change(r, &old, (old & ~clear) | bits));
}

void ready_final(struct ready *r)
{
	set(r, FINAL, CONNECTING);
}

void ready_connecting(struct ready *r, bool yes)
{
	set(r, yes ? CONNECTING : 0, yes ? 0 : CONNECTING);
}

bool ready_is_connecting(const struct ready *r)
{
	return ready_seen(r) & CONNECTING;
}

void ready_close(struct ready *r)
{
	set(r, CLOSED, 0);
}

bool ready_gone(const struct ready *r)
{
	uint64_t state = ready_seen(r);

	return !(state & OPEN) || state & GONE;
}

/* Nothing to be shown: no work. */
void ready_again(struct ready *r, unsigned events)
{
	uint64_t again = (events & POLLIN ? AGAIN_IN : 0) |
			 (events & POLLOUT ? AGAIN_OUT : 0);

	__atomic_fetch_or(&r->state, again, __ATOMIC_ACQ_REL);
}

unsigned ready_events(const struct ready *r)
{
	return (unsigned)(ready_seen(r) & EVENTS);
}

/* A hidden twin of fd, or -errno. */
static int twin_of(int fd)
{
	return (int)provide_hide(target(dup, fd));
}

int ready_open(struct ready *r, unsigned type_flags, unsigned events)
{
	uint64_t generation =
	    __atomic_add_fetch(&generations, 1, __ATOMIC_RELAXED) * GENERATION;
	int end[2], error;

	error = (int)target(socketpair, AF_UNIX, SOCK_STREAM | type_flags, 0,
			    (long)end);
	if (error)
		return error;
	r->hidden = (int)provide_hide(end[1]);
	r->twin = r->hidden < 0 ? r->hidden : twin_of(end[0]);
	if (r->twin < 0) {
		provide_unhide(r->hidden);
		target(close, end[0]);
		/* What the target says of numbers over the limit. */
		return r->twin == -EINVAL ? -EMFILE : r->twin;
	}
	r->readable = r->small = false;
	r->writable = true; /* as the pair is */
	r->shut = SHUT_NONE;
	__atomic_store_n(&r->state,
			 generation | OPEN | BUSY | (events & EVENTS),
			 __ATOMIC_RELEASE);
	work(r);
	return end[0];
}
