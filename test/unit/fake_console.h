/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_console.h - a console whose other side is the test: what was sent is in
 * fake_text, as long as fake_room lets it.
 */
#ifndef TEST_FAKE_CONSOLE_H
#define TEST_FAKE_CONSOLE_H

#include <string.h>
#include "arch/cpu.h"
#include "console.h"
#include "host.h"

#define FAKE_TEXT_MAX 200000

static char fake_text[FAKE_TEXT_MAX + 1];
static size_t fake_length;
static size_t fake_room = FAKE_TEXT_MAX; /* bytes it still takes */
static bool fake_starts = true;
static unsigned fake_resumed;
static struct console fake_console;

static size_t fake_send(struct console *c, const char *text, size_t n)
{
	(void)c;
	if (n > fake_room)
		n = fake_room;
	if (n > FAKE_TEXT_MAX - fake_length)
		host_fail("fake_text is full");
	memcpy(fake_text + fake_length, text, n);
	fake_length += n;
	fake_room -= n;
	fake_text[fake_length] = '\0';
	return n;
}

static int fake_start(struct console *c)
{
	(void)c;
	return fake_starts ? 0 : -1;
}

static void fake_resume(struct console *c)
{
	(void)c;
	fake_resumed++;
}

static void fake_flush(struct console *c)
{
	(void)c;
}

static bool fake_is_idle(struct console *c)
{
	(void)c;
	return true;
}

static struct console fake_console = {
    .name = "fake0",
    .send = fake_send,
    .start = fake_start,
    .resume = fake_resume,
    .flush = fake_flush,
    .is_idle = fake_is_idle,
};

/* The device takes n bytes more: its interrupt. */
static void fake_writable(void *argument)
{
	(void)argument;
	fake_console.writable(fake_console.owner);
}

static inline void fake_take(size_t n)
{
	fake_room += n;
	host_raise(fake_writable, NULL);
}

/* Input comes; returns how many bytes were taken. */
static size_t fake_taken, fake_given;

static void fake_received(void *text)
{
	fake_taken =
	    fake_console.received(fake_console.owner, text, fake_given);
}

static inline size_t fake_type_n(const char *text, size_t n)
{
	fake_given = n;
	host_raise(fake_received, (void *)(uintptr_t)text);
	return fake_taken;
}

static inline size_t fake_type(const char *text)
{
	return fake_type_n(text, strlen(text));
}

/* What was sent since the last call. */
static inline const char *fake_sent(void)
{
	static char text[FAKE_TEXT_MAX + 1];

	memcpy(text, fake_text, fake_length + 1);
	fake_length = 0;
	fake_text[0] = '\0';
	return text;
}

#endif
