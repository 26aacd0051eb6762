/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty_out.c - output of the terminal: OPOST, and the cursor's column, which
 * tabs and erasing need.
 */
#include "io/tty_state.h"

#include "lib/string.h"

#define TAB_WIDTH 8

static unsigned next_tab(unsigned column)
{
	return (column / TAB_WIDTH + 1) * TAB_WIDTH;
}

/* Bytes of no meaning to OPOST; UTF-8's continuation bytes have no width. */
static bool is_plain(uint8_t c)
{
	return c >= ' ' && c != 0x7f;
}

static size_t put_plain(enum conmux_channel channel, const char *text, size_t n)
{
	size_t run = 0, done;

	while (run < n && is_plain((uint8_t)text[run]))
		run++;
	done = conmux_write(channel, text, run);
	for (size_t i = 0; i < done; i++)
		tty.column += ((uint8_t)text[i] & 0xc0) != 0x80;
	return done;
}

static bool put_newline(enum conmux_channel channel)
{
	uint32_t flags = tty.mode.oflag;

	if (!(flags & ONLCR))
		return conmux_write_all(channel, "\n", 1) &&
		       (tty.column = flags & ONLRET ? 0 : tty.column, true);
	if (!conmux_write_all(channel, "\r\n", 2))
		return false;
	tty.column = 0;
	return true;
}

static bool put_tab(enum conmux_channel channel)
{
	static const char blanks[] = "        ";
	unsigned next = next_tab(tty.column);
	bool good;

	if ((tty.mode.oflag & TABDLY) == XTABS)
		good = conmux_write_all(channel, blanks, next - tty.column);
	else
		good = conmux_write_all(channel, "\t", 1);
	if (good)
		tty.column = next;
	return good;
}

/* One control character; false if there is no room. */
static bool put_control(enum conmux_channel channel, char c)
{
	if (c == '\r' && tty.mode.oflag & OCRNL)
		c = '\n';
	switch (c) {
	case '\n':
		return put_newline(channel);
	case '\t':
		return put_tab(channel);
	case '\r':
		if (tty.mode.oflag & ONOCR && tty.column == 0)
			return true;
		if (!conmux_write_all(channel, &c, 1))
			return false;
		tty.column = 0;
		return true;
	case '\b':
		if (!conmux_write_all(channel, &c, 1))
			return false;
		tty.column -= tty.column > 0;
		return true;
	}
	return conmux_write_all(channel, &c, 1);
}

size_t tty_put(enum conmux_channel channel, const char *text, size_t n)
{
	size_t done = 0, some;

	if (!(tty.mode.oflag & OPOST))
		return conmux_write(channel, text, n);
	while (done < n) {
		if (is_plain((uint8_t)text[done]))
			some = put_plain(channel, text + done, n - done);
		else
			some = put_control(channel, text[done]);
		if (!some)
			break;
		done += some;
	}
	return done;
}
