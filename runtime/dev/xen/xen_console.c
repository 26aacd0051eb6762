/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_console.c - the PV console's ring (xen/io/console.h).
 *
 * Each direction has a producer's and a consumer's index, free running; data
 * are at their remainders.  Ours are kept here and only written to the ring.
 * A peer whose index lies further from ours than the ring is long has broken
 * the protocol: the console is dead then, and what is sent is dropped, since
 * nobody would ever take it.
 *
 * The peer sends an event when it has put or taken something.
 */
#include "dev/xen/xen_console.h"

#include "arch/io.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "dev/xen/call.h"
#include "dev/xen/event.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"
#include <xen/hvm/params.h>
#include <xen/io/console.h>

#define OUT_SIZE (sizeof(((struct xencons_interface *)NULL)->out))
#define IN_SIZE (sizeof(((struct xencons_interface *)NULL)->in))
/* Input is copied before it is looked at: the peer could still change it. */
#define INPUT_SIZE 256
/*
 * A peer that takes nothing for so long while we poll is dead; the second
 * bound is for when there is no clock yet.
 */
#define STALL (10 * NS_PER_SEC)
#define STALL_LOOKS 20000000

static struct xen_console {
	struct console console;
	struct spinlock lock; /* of all that follows */
	volatile struct xencons_interface *ring;
	evtchn_port_t port;
	XENCONS_RING_IDX in_cons, out_prod;
	char input[INPUT_SIZE];
	size_t held_from, held_to; /* what the owner didn't take yet */
	XENCONS_RING_IDX stalled_at;
	bool broken, stalled, started, wants_room, delivering, again;
} the_console;

/* In a panic the holder of the lock may be who panics. */
static unsigned long lock(struct xen_console *c)
{
	return c->console.panicking ? irq_save() : spin_lock(&c->lock);
}

static void unlock(struct xen_console *c, unsigned long flags)
{
	if (c->console.panicking)
		irq_restore(flags);
	else
		spin_unlock(&c->lock, flags);
}

/* Bytes that the peer hasn't taken yet, at most OUT_SIZE; 0 if it is broken. */
static size_t unsent(struct xen_console *c)
{
	XENCONS_RING_IDX n = c->out_prod - c->ring->out_cons;

	if (n > OUT_SIZE)
		c->broken = true;
	return c->broken ? 0 : n;
}

/* Puts what there is room for; returns how many bytes. */
static size_t put(struct xen_console *c, const char *text, size_t n)
{
	size_t room = OUT_SIZE - unsent(c);
	size_t at = MASK_XENCONS_IDX(c->out_prod, c->ring->out), first;

	if (n > room)
		n = room;
	if (n == 0 || c->broken)
		return 0;
	io_full_barrier(); /* the peer is done with what it gave back */
	first = n < OUT_SIZE - at ? n : OUT_SIZE - at;
	memcpy((char *)c->ring->out + at, text, first);
	memcpy((char *)c->ring->out, text + first, n - first);
	io_write_barrier();
	c->out_prod += (XENCONS_RING_IDX)n;
	c->ring->out_prod = c->out_prod;
	return n;
}

static size_t console_send(struct console *console, const char *text, size_t n)
{
	struct xen_console *c = console->driver;
	unsigned long flags = lock(c);
	size_t done = 0;

	for (;;) {
		done += put(c, text + done, n - done);
		if (done == n || c->broken)
			break;
		c->wants_room = true;
		io_full_barrier();
		if (unsent(c) == OUT_SIZE)
			break;
	}
	if (c->broken)
		done = n;
	else if (done)
		xen_event_send(c->port);
	unlock(c, flags);
	return done;
}

static bool console_is_idle(struct console *console)
{
	struct xen_console *c = console->driver;
	unsigned long flags = lock(c);
	bool idle;

	c->wants_room = true;
	io_full_barrier();
	idle = unsent(c) == 0;
	if (idle)
		c->wants_room = false;
	unlock(c, flags);
	return idle;
}

/* Polls until all is taken, as long as something happens. */
static void flush(struct xen_console *c)
{
	uint64_t deadline = clock_now() + STALL;
	size_t left = unsent(c), last = left;
	unsigned looks = 0;

	if (c->stalled && c->ring->out_cons != c->stalled_at)
		c->stalled = false;
	if (left && !c->stalled)
		xen_event_send(c->port);
	while (left && !c->stalled) {
		if (left != last) {
			last = left;
			deadline = clock_now() + STALL;
			looks = 0;
		} else if (clock_now() >= deadline || ++looks > STALL_LOOKS) {
			c->stalled = true;
			c->stalled_at = c->ring->out_cons;
		}
		xen_yield();
		left = unsent(c);
	}
}

static void console_flush(struct console *console)
{
	struct xen_console *c = console->driver;
	unsigned long flags = lock(c);

	flush(c);
	unlock(c, flags);
}

/*
 * Has some input copied; false if there is none.  The peer looks for room on
 * its own unless it had filled the ring: then it waits for an event.
 */
static bool next_input(struct xen_console *c)
{
	XENCONS_RING_IDX before = c->in_cons, n = c->ring->in_prod - before;
	size_t at = MASK_XENCONS_IDX(before, c->ring->in), first;

	if (c->held_from < c->held_to)
		return true;
	if (n > IN_SIZE)
		c->broken = true;
	if (n == 0 || c->broken)
		return false;
	io_read_barrier();
	if (n > INPUT_SIZE)
		n = INPUT_SIZE;
	first = n < IN_SIZE - at ? n : IN_SIZE - at;
	memcpy(c->input, (const char *)c->ring->in + at, first);
	memcpy(c->input + first, (const char *)c->ring->in, n - first);
	c->held_from = 0;
	c->held_to = n;
	io_full_barrier();
	c->in_cons += n;
	c->ring->in_cons = c->in_cons;
	io_full_barrier();
	if (c->ring->in_prod - before >= IN_SIZE)
		xen_event_send(c->port);
	return true;
}

/* As uart.c's: one at a time gives the owner what it takes. */
static void deliver(struct xen_console *c)
{
	unsigned long flags = spin_lock(&c->lock);
	size_t n, took;

	if (c->delivering || !c->started) {
		c->again = true;
		spin_unlock(&c->lock, flags);
		return;
	}
	c->delivering = true;
	do {
		c->again = false;
		if (!next_input(c))
			continue;
		n = c->held_to - c->held_from;
		spin_unlock(&c->lock, flags);
		took = c->console.received(c->console.owner,
					   c->input + c->held_from, n);
		flags = spin_lock(&c->lock);
		c->held_from += took;
		if (took == n)
			c->again = true;
	} while (c->again);
	c->delivering = false;
	spin_unlock(&c->lock, flags);
}

static void console_event(void *argument)
{
	struct xen_console *c = argument;
	unsigned long flags = spin_lock(&c->lock);
	bool room = c->wants_room && unsent(c) < OUT_SIZE;

	if (room)
		c->wants_room = false;
	spin_unlock(&c->lock, flags);
	deliver(c);
	if (room)
		c->console.writable(c->console.owner);
}

static int console_start(struct console *console)
{
	struct xen_console *c = console->driver;
	unsigned long flags = spin_lock(&c->lock);
	int error;

	c->started = true;
	spin_unlock(&c->lock, flags);
	error = xen_event_attach(c->port, console_event, c);
	if (error)
		c->started = false;
	else
		deliver(c);
	return error;
}

static void console_resume(struct console *console)
{
	deliver(console->driver);
}

/* Finds the ring; its indices are as the last user left them. */
static bool find(struct xen_console *c)
{
	uint64_t frame = xen_param(HVM_PARAM_CONSOLE_PFN);
	uint64_t port = xen_param(HVM_PARAM_CONSOLE_EVTCHN);

	c->ring = NULL;
	if (frame == 0 || port == 0 || port > UINT32_MAX)
		return false;
	c->ring = xen_map_frame(frame);
	if (!c->ring)
		return false;
	c->port = (evtchn_port_t)port;
	c->out_prod = c->ring->out_prod;
	c->in_cons = c->ring->in_cons;
	c->broken = c->stalled = false;
	return true;
}

struct console *xen_console_open(void)
{
	struct xen_console *c = &the_console;

	if (!find(c))
		return NULL;
	c->console = (struct console){
	    .name = "xen0",
	    .driver = c,
	    .send = console_send,
	    .start = console_start,
	    .resume = console_resume,
	    .flush = console_flush,
	    .is_idle = console_is_idle,
	};
	c->started = c->wants_room = c->delivering = c->again = false;
	c->held_from = c->held_to = 0;
	return &c->console;
}

void xen_console_suspend(void)
{
	if (the_console.ring)
		console_flush(&the_console.console);
}

/* Without a ring there would be no way to say so: output is dropped. */
void xen_console_resume(void)
{
	static struct xencons_interface none;
	struct xen_console *c = &the_console;

	if (!c->ring)
		return;
	if (!find(c)) {
		c->ring = &none;
		c->broken = true;
		return;
	}
	if (c->started && !xen_event_attach(c->port, console_event, c))
		console_event(c);
}
