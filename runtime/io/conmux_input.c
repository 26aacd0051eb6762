/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * conmux_input.c - input: takes the frames apart.
 *
 * What comes may be cut anywhere, and may be wrong: an unknown or broken
 * command is skipped.
 */
#include "io/conmux_input.h"

#include "halvm/abi/signal.h"
#include "lib/string.h"

#define WINDOW_DIGITS 8

static struct {
	struct spinlock lock;
	struct console *console;
	const struct conmux_input *to;
	bool framed;
	bool stalled; /* the owner took less than there was */
	enum { DATA, COMMAND, WINDOW } state;
	unsigned digits; /* of the window's size that have come */
	uint32_t window;
} in;

static void command(char c)
{
	in.state = DATA;
	switch (c) {
	case 'd':
		in.to->end();
		break;
	case 'i':
		in.to->signal(ABI_SIGINT);
		break;
	case 't':
		in.to->signal(ABI_SIGTERM);
		break;
	case 'w':
		in.state = WINDOW;
		in.digits = 0;
		in.window = 0;
		break;
	}
}

/* One digit of the window's size; false if it isn't one. */
static bool window_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *digit = memchr(digits, c, sizeof(digits) - 1);
	uint32_t value;

	if (!digit)
		return false;
	value = (uint32_t)(digit - digits);
	in.window = in.window << 4 | (value < 16 ? value : value - 6);
	if (++in.digits == WINDOW_DIGITS) {
		in.state = DATA;
		in.to->window(in.window >> 16, in.window & 0xffff);
	}
	return true;
}

/*
 * Data to its owner.  Who makes room afterwards must see `stalled`: it is set
 * before the owner looks.
 */
static size_t give(const char *text, size_t n)
{
	size_t took;

	__atomic_store_n(&in.stalled, true, __ATOMIC_SEQ_CST);
	took = in.to->data(text, n);
	if (took == n)
		in.stalled = false;
	return took;
}

/* Data up to the next DLE; returns how many bytes were taken. */
static size_t data(const char *text, size_t n)
{
	const char *dle = in.framed ? memchr(text, CONMUX_DLE, n) : NULL;
	size_t run = dle ? (size_t)(dle - text) : n, took = 0;

	if (run) {
		took = give(text, run);
		if (took < run)
			return took;
	}
	if (dle) {
		in.state = COMMAND;
		took++;
	}
	return took;
}

/* Takes some bytes, 0 if the owner has no room. */
static size_t take(const char *text, size_t n)
{
	switch (in.state) {
	case DATA:
		return data(text, n);
	case COMMAND:
		if (*text == CONMUX_DLE) {
			if (!give(text, 1))
				return 0;
			in.state = DATA;
		} else
			command(*text);
		return 1;
	case WINDOW:
		if (!window_digit(*text)) {
			/* Broken: what comes now is data again. */
			in.state = DATA;
			return data(text, n);
		}
		return 1;
	}
	return n;
}

size_t conmux_received(void *owner, const char *text, size_t n)
{
	unsigned long flags = spin_lock(&in.lock);
	size_t done = 0;

	(void)owner;
	in.stalled = false;
	while (done < n && !in.stalled)
		done += take(text + done, n - done);
	spin_unlock(&in.lock, flags);
	return done;
}

void conmux_resume(void)
{
	if (__atomic_load_n(&in.stalled, __ATOMIC_RELAXED) && in.console)
		in.console->resume(in.console);
}

void conmux_input_init(struct console *c, bool framed,
		       const struct conmux_input *input)
{
	in.console = c;
	in.framed = framed;
	in.to = input;
	in.stalled = false;
	in.state = DATA;
}
