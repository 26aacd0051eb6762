/* SPDX-License-Identifier: BSD-3-Clause */
/* The console protocol: see frames.h. */
#include "config.h"
#include "frames.h"

#include <string.h>

enum {
	DATA,	  /* zero: the start */
	AFTER,	  /* DLE came */
	VERSION,  /* DLE V came */
	STATUS_1, /* DLE x came */
	STATUS_2  /* DLE x H came */
};

struct sink {
	frames_fn *fn;
	void *arg;
};

static void emit(const struct frames *f, const struct sink *s, const char *text,
		 size_t n)
{
	if (n > 0 && !f->ended)
		s->fn(s->arg, f->started ? f->channel : FRAMES_NOISE, text, n);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static void switch_to(struct frames *f, enum frames_channel channel)
{
	f->channel = channel;
	f->state = DATA;
}

/* The byte after DLE, before the guest has said that it speaks this. */
static void before_start(struct frames *f, const struct sink *s, char c)
{
	static const char dle = FRAMES_DLE;

	if (c == 'V') {
		f->state = VERSION;
		return;
	}
	/* It was noise; this byte may begin a record. */
	emit(f, s, &dle, 1);
	if (c == FRAMES_DLE)
		return;
	emit(f, s, &c, 1);
	f->state = DATA;
}

static void record(struct frames *f, const struct sink *s, char c)
{
	switch (c) {
	case 'o':
		switch_to(f, FRAMES_OUT);
		break;
	case 'e':
		switch_to(f, FRAMES_ERR);
		break;
	case 'l':
		switch_to(f, FRAMES_LOG);
		break;
	case 'p':
		f->panicked = true;
		f->state = DATA;
		break;
	case 'x':
		f->state = STATUS_1;
		break;
	case 'V': /* once more: harmless */
		f->state = VERSION;
		break;
	case FRAMES_DLE:
		f->state = DATA;
		emit(f, s, &c, 1);
		break;
	default:
		f->unknown++;
		f->state = DATA;
		break;
	}
}

/*
 * The byte after DLE V. Only a digit makes it the guest's first record and
 * not noise that happens to look like one.
 */
static void version(struct frames *f, const struct sink *s, char c)
{
	static const char begun[] = {FRAMES_DLE, 'V'};

	f->state = DATA;
	if (!f->started && (c < '0' || c > '9')) {
		emit(f, s, begun, sizeof(begun));
		if (c == FRAMES_DLE)
			f->state = AFTER;
		else
			emit(f, s, &c, 1);
		return;
	}
	f->version = c;
	if (!f->started)
		f->channel = FRAMES_OUT;
	f->started = true;
}

static void status(struct frames *f, char c)
{
	int digit = hex(c);

	if (digit < 0) {
		f->unknown++;
		f->state = DATA;
	} else if (f->state == STATUS_1) {
		f->partial = (unsigned char)(digit << 4);
		f->state = STATUS_2;
	} else {
		f->status = (unsigned char)(f->partial | digit);
		f->ended = true;
		f->state = DATA;
	}
}

static void step(struct frames *f, const struct sink *s, char c)
{
	switch (f->state) {
	case AFTER:
		if (f->started)
			record(f, s, c);
		else
			before_start(f, s, c);
		break;
	case VERSION:
		version(f, s, c);
		break;
	default:
		status(f, c);
		break;
	}
}

void frames_decode(struct frames *f, const char *text, size_t n, frames_fn *fn,
		   void *arg)
{
	struct sink s = {fn, arg};
	const char *end = text + n, *dle;

	while (text < end && !f->ended) {
		if (f->state != DATA) {
			step(f, &s, *text++);
			continue;
		}
		dle = memchr(text, FRAMES_DLE, (size_t)(end - text));
		if (!dle) {
			emit(f, &s, text, (size_t)(end - text));
			return;
		}
		emit(f, &s, text, (size_t)(dle - text));
		f->state = AFTER;
		text = dle + 1;
	}
}

size_t frames_encode(const char *text, size_t n, char *out)
{
	size_t made = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == FRAMES_DLE)
			out[made++] = FRAMES_DLE;
		out[made++] = text[i];
	}
	return made;
}

size_t frames_mark(char mark, char *out)
{
	out[0] = FRAMES_DLE;
	out[1] = mark;
	return 2;
}

static void put_hex4(unsigned v, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 3; i >= 0; i--, v >>= 4)
		out[i] = digits[v & 15];
}

size_t frames_window(unsigned rows, unsigned columns, char *out)
{
	size_t n = frames_mark('w', out);

	put_hex4(rows, out + n);
	put_hex4(columns, out + n + 4);
	return n + 8;
}
