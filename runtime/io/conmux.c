/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * conmux.c - output: the ring between writers and the console.
 *
 * The lock is the last but the driver's in the order, so that messages may
 * come from anywhere; nobody is woken under it.  The ring holds what goes over
 * the wire, escapes and all, always whole sequences of it.
 */
#include "io/conmux.h"

#include "core/clock.h"
#include "halvm/abi/poll.h"
#include "io/conmux_input.h"
#include "lib/format.h"
#include "lib/string.h"
#include "platform.h"

#define RING_SIZE 8192 /* a power of 2 */
/* poll(2) says writable when so much would fit; waiters are woken then. */
#define ROOM_TO_WAKE (RING_SIZE / 2)
/*
 * A device that takes nothing for so long at the end is dead.  Its reader may
 * only be slow (a pager): it costs nothing to wait, but sleep.
 */
#define DEAD_AFTER (600 * NS_PER_SEC)

static struct {
	struct spinlock lock;
	struct console *console;
	bool framed, crlf, started, panicking;
	char channel;	   /* on the wire */
	size_t head, tail; /* free running: put at head, sent from tail */
	size_t lost;	   /* bytes of the log that found no room */
	char ring[RING_SIZE];
} mux;

struct wait_queue conmux_queue = WAIT_QUEUE_INIT(conmux_queue);

/* In a panic the holder may be who panics. */
static unsigned long lock(void)
{
	return mux.panicking ? irq_save() : spin_lock(&mux.lock);
}

static void unlock(unsigned long flags)
{
	if (mux.panicking)
		irq_restore(flags);
	else
		spin_unlock(&mux.lock, flags);
}

static size_t used(void)
{
	return __atomic_load_n(&mux.head, __ATOMIC_RELAXED) -
	       __atomic_load_n(&mux.tail, __ATOMIC_RELAXED);
}

static size_t room(void)
{
	return RING_SIZE - used();
}

static void put(char c)
{
	mux.ring[mux.head % RING_SIZE] = c;
	__atomic_store_n(&mux.head, mux.head + 1, __ATOMIC_RELAXED);
}

/* Bytes into the ring without escapes. */
static void put_raw(const char *text, size_t n)
{
	while (n) {
		size_t at = mux.head % RING_SIZE, m = RING_SIZE - at;

		if (m > n)
			m = n;
		memcpy(mux.ring + at, text, m);
		__atomic_store_n(&mux.head, mux.head + m, __ATOMIC_RELAXED);
		text += m;
		n -= m;
	}
}

/* Gives the device what it takes. */
static void pump(void)
{
	while (used()) {
		size_t at = mux.tail % RING_SIZE, n = used(), took;

		if (n > RING_SIZE - at)
			n = RING_SIZE - at;
		if (mux.console)
			took = mux.console->send(mux.console, mux.ring + at, n);
		else {
			platform_log(mux.ring + at, n);
			took = n;
		}
		__atomic_store_n(&mux.tail, mux.tail + took, __ATOMIC_RELAXED);
		if (took < n)
			break;
	}
}

static void escape(char c)
{
	put(CONMUX_DLE);
	put(c);
}

/* Puts what fits, on its channel; returns how many of the n bytes. */
static size_t put_some(char channel, const char *text, size_t n)
{
	size_t done = 0;

	if (!mux.framed) {
		if (n > room())
			n = room();
		put_raw(text, n);
		return n;
	}
	if (mux.channel != channel) {
		if (room() < 4)
			return 0;
		escape(channel);
		mux.channel = channel;
	}
	while (done < n && room() >= 2) {
		const char *dle = memchr(text + done, CONMUX_DLE, n - done);
		size_t run = dle ? (size_t)(dle - text) - done : n - done;

		if (run > room())
			run = room();
		put_raw(text + done, run);
		done += run;
		if (dle == text + done && room() >= 2) {
			escape(CONMUX_DLE);
			done++;
		}
	}
	return done;
}

/*
 * Gives all to the device without interrupts; ends when it is dead: nothing
 * went although the driver waited for it.
 */
static void poll_out(void)
{
	size_t before;

	do {
		before = mux.tail;
		pump();
		if (mux.console)
			mux.console->flush(mux.console);
	} while (used() &&
		 (mux.tail != before || (pump(), mux.tail != before)));
}

size_t conmux_write(enum conmux_channel channel, const char *text, size_t n)
{
	size_t done = 0, some;
	unsigned long flags = lock();

	do {
		some = put_some((char)channel, text + done, n - done);
		done += some;
		pump();
	} while (some && done < n);
	/* Nobody would ever be woken: wait here, or drop it if it is dead. */
	while (done < n && !mux.started) {
		poll_out();
		some = put_some((char)channel, text + done, n - done);
		done = some ? done + some : n;
	}
	unlock(flags);
	return done;
}

bool conmux_write_all(enum conmux_channel channel, const char *text, size_t n)
{
	unsigned long flags = lock();
	bool fits;

	if (room() < 2 * n + 2)
		pump();
	fits = room() >= 2 * n + 2;
	if (fits)
		put_some((char)channel, text, n);
	pump();
	unlock(flags);
	return fits;
}

/* 64 escaped bytes and a change of channel: what conmux_write_all may want. */
bool conmux_has_room(void)
{
	return room() >= 2 * 64 + 2;
}

bool conmux_is_writable(void)
{
	return room() >= ROOM_TO_WAKE;
}

bool conmux_is_empty(void)
{
	return used() == 0 &&
	       (!mux.console || mux.console->is_idle(mux.console));
}

/* The console's `writable`. */
static void writable(void *owner)
{
	unsigned long flags = lock();
	bool wake;

	(void)owner;
	pump();
	wake = room() >= ROOM_TO_WAKE;
	unlock(flags);
	if (wake)
		wait_wake(&conmux_queue, WAIT_ALL, POLLOUT | POLLWRNORM);
}

/* One piece of the log; false if it doesn't fit. */
static bool put_log(const char *text, size_t n)
{
	if (room() < 2 * n + 4)
		pump();
	if (room() < 2 * n + 4)
		return false;
	if (mux.framed || !mux.crlf) {
		put_some(CONMUX_LOG, text, n);
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\n')
			put('\r');
		put(text[i]);
	}
	return true;
}

static void log_piece(const char *text, size_t n)
{
	char note[64];
	size_t length;

	if (mux.lost) {
		length = format(note, sizeof(note),
				"halvm: %zu bytes of the log lost\n", mux.lost);
		if (!put_log(note, length)) {
			mux.lost += n;
			return;
		}
		mux.lost = 0;
	}
	if (!put_log(text, n))
		mux.lost += n;
}

void conmux_log(const char *text, size_t n)
{
	unsigned long flags = lock();

	while (n) {
		size_t some = n < RING_SIZE / 8 ? n : RING_SIZE / 8;

		log_piece(text, some);
		pump();
		text += some;
		n -= some;
	}
	unlock(flags);
}

void conmux_panic(const char *text, size_t n)
{
	unsigned long flags = irq_save();

	if (!mux.panicking) {
		mux.panicking = true;
		if (mux.console)
			mux.console->panicking = true;
		poll_out();
		if (mux.framed && room() >= 2)
			escape('p');
	}
	while (n) {
		size_t some = n < RING_SIZE / 8 ? n : RING_SIZE / 8;

		put_log(text, some);
		poll_out();
		text += some;
		n -= some;
	}
	irq_restore(flags);
}

void conmux_flush(void)
{
	size_t seen;

	if (mux.panicking || !mux.started) {
		poll_out();
		return;
	}
	do {
		seen = __atomic_load_n(&mux.tail, __ATOMIC_RELAXED);
		wait_until(&conmux_queue,
			   conmux_is_empty() ||
			       seen !=
				   __atomic_load_n(&mux.tail, __ATOMIC_RELAXED),
			   clock_now() + DEAD_AFTER, 0);
	} while (!conmux_is_empty() &&
		 seen != __atomic_load_n(&mux.tail, __ATOMIC_RELAXED));
	if (mux.console && conmux_is_empty())
		mux.console->flush(mux.console);
}

void conmux_exit(int status)
{
	char text[5];
	unsigned long flags;

	conmux_flush();
	if (!mux.framed)
		return;
	format(text, sizeof(text), "%cx%02x", CONMUX_DLE, status & 0xff);
	flags = lock();
	if (room() >= sizeof(text) - 1)
		put_raw(text, sizeof(text) - 1);
	pump();
	unlock(flags);
	conmux_flush();
}

void conmux_init(struct console *c, bool framed, bool crlf,
		 const struct conmux_input *input)
{
	mux.console = c;
	mux.framed = framed;
	mux.crlf = crlf;
	mux.channel = CONMUX_STDOUT;
	mux.started = mux.panicking = false;
	mux.head = mux.tail = mux.lost = 0;
	conmux_input_init(c, framed, input);
	if (c) {
		c->owner = &mux;
		c->received = conmux_received;
		c->writable = writable;
	}
	if (framed) {
		escape('V');
		put('1');
	}
	pump();
}

int conmux_start(void)
{
	int error = mux.console ? mux.console->start(mux.console) : 0;

	mux.started = mux.console && !error;
	return error;
}
