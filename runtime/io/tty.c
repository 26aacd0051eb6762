/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty.c - input of the terminal: editing, echo and signals (termios(3),
 * POSIX.1-2017 chapter 11).
 */
#include "io/tty.h"

#include "core/heap.h"
#include "core/signal.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/tty_state.h"
#include "lib/string.h"

#define CTRL(c) ((c)&0x1f)
#define DEL 0x7f
#define TAB_WIDTH 8

struct tty tty;

static const struct abi_termios default_mode = {
    .iflag = ICRNL | IXON | IUTF8,
    .oflag = OPOST | ONLCR,
    .cflag = B38400 | CS8 | CREAD | HUPCL | CLOCAL,
    .lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .cc = {[VINTR] = CTRL('C'),
	   [VQUIT] = CTRL('\\'),
	   [VERASE] = DEL,
	   [VKILL] = CTRL('U'),
	   [VEOF] = CTRL('D'),
	   [VMIN] = 1,
	   [VSTART] = CTRL('Q'),
	   [VSTOP] = CTRL('S'),
	   [VSUSP] = CTRL('Z'),
	   [VREPRINT] = CTRL('R'),
	   [VDISCARD] = CTRL('O'),
	   [VWERASE] = CTRL('W'),
	   [VLNEXT] = CTRL('V')},
};

int tty_init(unsigned rows, unsigned columns)
{
	if (!tty.buffer)
		tty.buffer = heap_alloc(sizeof(*tty.buffer));
	if (!tty.buffer)
		return -ENOMEM;
	tty.mode = default_mode;
	tty.window = (struct abi_winsize){.rows = (uint16_t)rows,
					  .columns = (uint16_t)columns};
	tty.ended = tty.stopped = tty.literal = false;
	tty.column = 0;
	tty_flush_input();
	return 0;
}

bool tty_exists(void)
{
	return tty.buffer;
}

void tty_set_echo(enum conmux_channel channel)
{
	tty.echo = channel;
}

void tty_flush_input(void)
{
	tty.head = tty.tail = tty.canon = 0;
	tty.literal = false;
}

size_t tty_readable(void)
{
	size_t n = (tty.mode.lflag & ICANON ? tty.canon : tty.head) - tty.tail;

	return tty.buffer ? n : 0;
}

void tty_set_mode(const struct abi_termios *mode)
{
	bool was_canon = tty.mode.lflag & ICANON;

	tty.mode = *mode;
	if (was_canon || !(mode->lflag & ICANON))
		return;
	/* What came so far is a line of its own. */
	tty.canon = tty.head;
	if (tty.head != tty.tail)
		tty_set_bit(tty.buffer->ends, tty.head - 1, true);
}

/* Control characters are shown as ^X, which ECHOCTL says. */
static bool shown_as_two(uint8_t c)
{
	return (c < ' ' || c == DEL) && c != '\t' && c != '\n' &&
	       tty.mode.lflag & ECHOCTL;
}

static void echo_text(const char *text, size_t n)
{
	if (tty.echo)
		tty_put(tty.echo, text, n);
}

/* A byte of input as the user sees it; what finds no room is not echoed. */
static void echo_byte(uint8_t c)
{
	char text[2] = {'^', (char)(c ^ 0x40)};

	if (shown_as_two(c))
		echo_text(text, 2);
	else
		echo_text((const char *)&c, 1);
}

static void echo(uint8_t c)
{
	if (tty.mode.lflag & ECHO) {
		if (tty.head == tty.canon)
			tty.line_column = tty.column;
		echo_byte(c);
	} else if (c == '\n' &&
		   (tty.mode.lflag & (ICANON | ECHONL)) == (ICANON | ECHONL))
		echo_text("\n", 1);
}

static void store(uint8_t c, bool end, bool mark)
{
	tty.buffer->bytes[tty.head % TTY_BUFFER] = c;
	tty_set_bit(tty.buffer->ends, tty.head, end);
	tty_set_bit(tty.buffer->marks, tty.head, mark);
	tty.head++;
	if (end)
		tty.canon = tty.head;
}

/* Where the cursor is when the edited line up to `end` is on the screen. */
static unsigned column_at(size_t end)
{
	unsigned column = tty.line_column;

	for (size_t i = tty.canon; i != end; i++) {
		uint8_t c = tty_byte(i);

		if (c == '\t')
			column = (column / TAB_WIDTH + 1) * TAB_WIDTH;
		else if (shown_as_two(c))
			column += 2;
		else if (c >= ' ' && c != DEL)
			column +=
			    (c & 0xc0) != 0x80 || !(tty.mode.iflag & IUTF8);
	}
	return column;
}

/* Takes the end of the edited line away, from `to` on. */
static void erase_to(size_t to)
{
	unsigned want = column_at(to);

	tty.head = to;
	if (!(tty.mode.lflag & ECHO))
		return;
	while (tty.column > want) {
		unsigned before = tty.column;

		echo_text("\b \b", 3);
		if (tty.column >= before)
			break;
	}
}

/* Where the last character of the edited line begins, before `end`. */
static size_t last_character(size_t end)
{
	do
		end--;
	while (end != tty.canon && tty.mode.iflag & IUTF8 &&
	       (tty_byte(end) & 0xc0) == 0x80);
	return end;
}

static bool is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static size_t last_word(void)
{
	size_t at = tty.head;

	while (at != tty.canon && !is_word(tty_byte(at - 1)))
		at--;
	while (at != tty.canon && is_word(tty_byte(at - 1)))
		at--;
	return at;
}

static void kill_line(uint8_t c)
{
	uint32_t flags = tty.mode.lflag;

	if ((flags & (ECHOK | ECHOKE | ECHOE)) == (ECHOK | ECHOKE | ECHOE)) {
		erase_to(tty.canon);
		return;
	}
	tty.head = tty.canon;
	if (!(flags & ECHO))
		return;
	echo_byte(c);
	if (flags & ECHOK)
		echo_text("\n", 1);
}

static void reprint(uint8_t c)
{
	echo_byte(c);
	echo_text("\n", 1);
	tty.line_column = tty.column;
	for (size_t i = tty.canon; i != tty.head; i++)
		echo_byte(tty_byte(i));
}

/* c is the special character at `place`, which isn't switched off. */
static bool is(uint8_t c, unsigned place)
{
	return c == tty.mode.cc[place] && c != 0;
}

/* Editing in canonical mode; false if c is no editing character. */
static bool edit(uint8_t c)
{
	uint32_t flags = tty.mode.lflag;
	bool extended = flags & IEXTEN;

	if (is(c, VERASE) || (extended && is(c, VWERASE))) {
		if (tty.head == tty.canon)
			return true;
		if (flags & ECHOE || !(flags & ECHO))
			erase_to(is(c, VERASE) ? last_character(tty.head)
					       : last_word());
		else {
			tty.head = is(c, VERASE) ? last_character(tty.head)
						 : last_word();
			echo_byte(c);
		}
	} else if (is(c, VKILL))
		kill_line(c);
	else if (extended && is(c, VREPRINT) && flags & ECHO)
		reprint(c);
	else
		return false;
	return true;
}

/* A signal's number, 0 if c makes none. */
static int signal_of(uint8_t c)
{
	if (!(tty.mode.lflag & ISIG))
		return 0;
	return is(c, VINTR)   ? ABI_SIGINT
	       : is(c, VQUIT) ? ABI_SIGQUIT
	       : is(c, VSUSP) ? ABI_SIGTSTP
			      : 0;
}

static void interrupt(int sig, uint8_t c)
{
	tty.stopped = false;
	if (!(tty.mode.lflag & NOFLSH))
		tty_flush_input();
	if (tty.mode.lflag & ECHO)
		echo_byte(c);
	signal_send(NULL, sig, NULL);
}

/* Bytes that are done with at once: flow of output, signals. */
static bool immediate(uint8_t c)
{
	int sig = signal_of(c);

	if (tty.mode.iflag & IXON) {
		if (is(c, VSTART)) {
			tty.stopped = false;
			return true;
		}
		if (is(c, VSTOP)) {
			tty.stopped = true;
			return true;
		}
		if (tty.mode.iflag & IXANY && !sig)
			tty.stopped = false;
	}
	if (sig)
		interrupt(sig, c);
	return sig;
}

/* CR and NL as iflag says; -1: nothing is left of it. */
static int translate(uint8_t c)
{
	uint32_t flags = tty.mode.iflag;

	if (c == '\r')
		return flags & IGNCR ? -1 : flags & ICRNL ? '\n' : c;
	return c == '\n' && flags & INLCR ? '\r' : c;
}

static bool ends_line(uint8_t c)
{
	return c == '\n' || is(c, VEOL) ||
	       (tty.mode.lflag & IEXTEN && is(c, VEOL2));
}

static void receive_canonical(uint8_t c)
{
	bool end = ends_line(c);

	if (tty.mode.lflag & IEXTEN && is(c, VLNEXT)) {
		tty.literal = true;
		if ((tty.mode.lflag & (ECHO | ECHOCTL)) == (ECHO | ECHOCTL))
			conmux_write_all(tty.echo ? tty.echo : CONMUX_STDOUT,
					 "^\b", tty.echo ? 2 : 0);
		return;
	}
	if (edit(c))
		return;
	if (is(c, VEOF)) {
		store(0, true, true);
		return;
	}
	/* The last place is for the byte that ends the line. */
	if (!end && tty.head - tty.tail >= TTY_BUFFER - 1) {
		if (tty.mode.iflag & IMAXBEL)
			echo_text("\a", 1);
		return;
	}
	echo(c);
	store(c, end, false);
}

static void receive(uint8_t c)
{
	int translated;

	if (tty.mode.iflag & ISTRIP)
		c &= 0x7f;
	if (tty.literal) {
		tty.literal = false;
		if (tty.head - tty.tail < TTY_BUFFER - 1) {
			echo(c);
			store(c, false, false);
		}
		return;
	}
	if (immediate(c))
		return;
	translated = translate(c);
	if (translated < 0)
		return;
	c = (uint8_t)translated;
	if (tty.mode.lflag & ICANON)
		receive_canonical(c);
	else {
		echo(c);
		tty.canon = tty.head;
		store(c, false, false);
	}
}

/*
 * No more can come until the program reads.  A line that is too long is cut
 * instead: nobody could read it until its end comes.
 */
static bool is_full(void)
{
	size_t n = tty.head - tty.tail;

	if (tty.mode.lflag & ICANON)
		return n >= TTY_BUFFER - 1 && tty.canon != tty.tail;
	return n >= TTY_BUFFER;
}

size_t tty_input(const char *text, size_t n)
{
	unsigned long flags = spin_lock(&tty.lock);
	bool was_stopped = tty.stopped;
	size_t done = 0, readable;

	if (!tty.buffer) {
		spin_unlock(&tty.lock, flags);
		return n;
	}
	for (; done < n && !is_full(); done++)
		receive((uint8_t)text[done]);
	readable = tty_readable();
	was_stopped &= !tty.stopped;
	spin_unlock(&tty.lock, flags);
	if (readable)
		wait_wake(&conmux_queue, WAIT_ALL, POLLIN | POLLRDNORM);
	if (was_stopped)
		wait_wake(&conmux_queue, WAIT_ALL, POLLOUT | POLLWRNORM);
	return done;
}

void tty_end(void)
{
	__atomic_store_n(&tty.ended, true, __ATOMIC_RELEASE);
	wait_wake(&conmux_queue, WAIT_ALL, POLLIN | POLLRDNORM);
}

void tty_resize(unsigned rows, unsigned columns)
{
	unsigned long flags = spin_lock(&tty.lock);
	bool changed = tty.window.rows != rows || tty.window.columns != columns;

	tty.window.rows = (uint16_t)rows;
	tty.window.columns = (uint16_t)columns;
	spin_unlock(&tty.lock, flags);
	if (changed)
		signal_send(NULL, ABI_SIGWINCH, NULL);
}
