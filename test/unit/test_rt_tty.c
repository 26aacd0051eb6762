/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io/tty*.c, stdio.c, stdpipe.c: the terminal, and streams that are pipes, as
 * the program sees them by descriptors 0 to 2.
 */
#include "check.h"
#include "core/clock.h"
#include "fake_console.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/signal.h"
#include "halvm/abi/stat.h"
#include "halvm/abi/termios.h"
#include "io/stdio.h"
#include "io/tty.h"

#define SECOND 1000000000UL
#define BIT(sig) (1UL << ((sig)-1))

static char buffer[10000];

static void start(bool in, bool out, bool err)
{
	struct stdio_config config = {.console = &fake_console,
				      .is_pipe = {in, out, err},
				      .rows = 24,
				      .columns = 80};

	fake_room = FAKE_TEXT_MAX;
	if (stdio_init(&config) || stdio_start())
		host_fail("stdio_init");
	fake_sent();
}

static long do_read(int fd, size_t n)
{
	struct abi_iovec vec = {buffer, n};
	struct uio to = {.vec = &vec, .count = 1, .left = n};
	struct file *f = fd_get(fd);
	long r = f->ops->read(f, &to, NULL);

	file_put(f);
	buffer[r > 0 ? r : 0] = '\0';
	return r;
}

static long do_write(int fd, const char *text, size_t n)
{
	struct abi_iovec vec = {(void *)(uintptr_t)text, n};
	struct uio from = {.vec = &vec, .count = 1, .left = n};
	struct file *f = fd_get(fd);
	long r = f->ops->write(f, &from, NULL);

	file_put(f);
	return r;
}

static long do_ioctl(int fd, unsigned long request, void *argument)
{
	struct file *f = fd_get(fd);
	long r = f->ops->ioctl ? f->ops->ioctl(f, request, (uintptr_t)argument)
			       : -ENOTTY;

	file_put(f);
	return r;
}

static uint32_t do_poll(int fd)
{
	struct file *f = fd_get(fd);
	uint32_t events = f->ops->poll(f);

	file_put(f);
	return events;
}

static void set_flags(int fd, uint32_t on, uint32_t off)
{
	struct file *f = fd_get(fd);

	f->flags = (f->flags | on) & ~off;
	file_put(f);
}

/* Changes the terminal's mode; cc as VMIN, VTIME. */
static void set_mode(uint32_t off, uint32_t on, int min, int time)
{
	struct abi_termios mode;

	do_ioctl(0, TCGETS, &mode);
	mode.lflag = (mode.lflag & ~off) | on;
	mode.cc[VMIN] = (uint8_t)min;
	mode.cc[VTIME] = (uint8_t)time;
	do_ioctl(0, TCSETS, &mode);
}

static void reads(const char *want, const char *name)
{
	long n = do_read(0, sizeof(buffer) - 1);

	if (!check(n == (long)strlen(want) && strcmp(buffer, want) == 0, "%s",
		   name))
		printf("# got %ld: %s\n", n, buffer);
}

static void test_lines(void)
{
	start(false, false, false);
	fake_type("hello\r");
	check_str(fake_sent(), "hello\r\n", "echo");
	reads("hello\n", "a line");
	fake_type("one\ntwo\nthr");
	reads("one\n", "the first of two");
	check(do_poll(0) & POLLIN, "more to read");
	check(do_read(0, 2) == 2 && strcmp(buffer, "tw") == 0, "part of it");
	reads("o\n", "its rest");
	check(!(do_poll(0) & POLLIN), "no unfinished line");
	fake_type("ee\n");
	reads("three\n", "the end of it");
	fake_type("\004");
	reads("", "end of file");
	fake_type("abc\004");
	reads("abc", "end of file pushes a line");
	fake_type("abc\004x\n");
	check(do_read(0, 3) == 3, "just the line");
	reads("x\n", "no empty one behind it");
	set_flags(0, O_NONBLOCK, 0);
	check(do_read(0, 10) == -EAGAIN, "nothing there");
	set_flags(0, 0, O_NONBLOCK);
}

static void test_editing(void)
{
	start(false, false, false);
	fake_type("ab\177c\n");
	check_str(fake_sent(), "ab\b \bc\r\n", "erasing on the screen");
	reads("ac\n", "and in the line");
	fake_type("\177\177x\n");
	check_str(fake_sent(), "x\r\n", "nothing to erase");
	reads("x\n", "so it stays");
	fake_type("a\303\244\177b\n");
	check_str(fake_sent(), "a\303\244\b \bb\r\n", "UTF-8: one column");
	reads("ab\n", "all its bytes");
	fake_type("a\001\177\n");
	check_str(fake_sent(), "a^A\b \b\b \b\r\n", "a control character");
	reads("a\n", "gone");
	fake_type("a\tb\177\177c\n");
	check_str(fake_sent(),
		  "a\tb\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \bc\r\n", "a tab");
	reads("ac\n", "gone too");
	fake_type("one two\027x\n");
	check_str(fake_sent(), "one two\b \b\b \b\b \bx\r\n", "a word");
	reads("one x\n", "erased");
	fake_type("abc\025x\n");
	check_str(fake_sent(), "abc\b \b\b \b\b \bx\r\n", "the line");
	reads("x\n", "killed");
	fake_type("a\026\003b\n");
	check_str(fake_sent(), "a^\b^Cb\r\n", "a literal character");
	reads("a\003b\n", "taken as it is");
	fake_type("ab\022c\n");
	check_str(fake_sent(), "ab^R\r\nabc\r\n", "reprint");
	reads("abc\n", "changes nothing");
	do_write(1, "prompt> ", 8);
	fake_sent();
	fake_type("\tx\177\177");
	check_str(fake_sent(),
		  "\tx\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b",
		  "a tab behind a prompt");
	fake_type("\n");
	reads("\n", "nothing left of it");
}

static void test_signals(void)
{
	start(false, false, false);
	signal_change_mask(ABI_SIG_BLOCK, BIT(ABI_SIGINT) | BIT(ABI_SIGQUIT));
	fake_type("abc\003x\n");
	check(signal_pending() == BIT(ABI_SIGINT), "SIGINT");
	check_str(fake_sent(), "abc^Cx\r\n", "its echo");
	reads("x\n", "what was typed before is gone");
	fake_type("\034");
	check(signal_pending() == (BIT(ABI_SIGINT) | BIT(ABI_SIGQUIT)),
	      "SIGQUIT");
	fake_type("\032y\n");
	fake_sent();
	reads("y\n", "SIGTSTP stops nothing");
	set_mode(ISIG, 0, 1, 0);
	fake_type("a\003\n");
	reads("a\003\n", "no signals without ISIG");
}

static void test_raw(void)
{
	start(false, false, false);
	set_mode(ICANON | ECHO, 0, 1, 0);
	fake_type("a");
	check_str(fake_sent(), "", "no echo");
	reads("a", "byte by byte");
	fake_type("\r\004\177");
	reads("\n\004\177", "no editing");
	set_mode(0, 0, 0, 0);
	reads("", "MIN 0, TIME 0: at once");
	set_mode(0, 0, 0, 5);
	{
		uint64_t begin = clock_now();

		reads("", "MIN 0, TIME 5: nothing");
		check(clock_now() - begin == SECOND / 2, "after half a second");
	}
	set_mode(0, 0, 3, 1);
	fake_type("ab");
	{
		uint64_t begin = clock_now();

		reads("ab", "MIN 3, TIME 1: what came in time");
		check(clock_now() - begin == SECOND / 10, "after a tenth");
	}
	set_mode(0, 0, 3, 0);
	fake_type("ab");
	check(!(do_poll(0) & POLLIN), "poll waits for MIN bytes");
	fake_type("c");
	check(do_poll(0) & POLLIN, "here they are");
	check(do_read(0, 2) == 2, "MIN is at most what was asked for");
	set_mode(0, ICANON, 1, 0);
	reads("c", "what was there is a line then");
	set_mode(0, ICANON | ECHO, 1, 0);
	fake_type("par");
	set_mode(ICANON, 0, 1, 0);
	reads("par", "an unfinished line can be read raw");
}

static void type_later(void *text)
{
	uint64_t end = clock_now() + SECOND;

	while (thread_sleep(end, 0) == 0)
		;
	fake_type(text);
	thread_exit(0, 0, 0);
}

static void test_waiting(void)
{
	uint64_t begin = clock_now();

	start(false, false, false);
	host_thread(type_later, "late\n");
	reads("late\n", "a reader sleeps");
	check(clock_now() - begin >= SECOND, "until something comes");
}

static void test_output(void)
{
	struct abi_termios mode;

	start(false, false, false);
	check(do_write(1, "a\nb\n", 4) == 4, "a write");
	do_write(2, "c\n", 2);
	check_str(fake_sent(), "a\r\nb\r\nc\r\n", "ONLCR");
	do_ioctl(1, TCGETS, &mode);
	mode.oflag = 0;
	do_ioctl(1, TCSETSW, &mode);
	do_write(1, "a\n", 2);
	check_str(fake_sent(), "a\n", "no OPOST");
	mode.oflag = OPOST | XTABS | OCRNL;
	do_ioctl(1, TCSETSF, &mode);
	do_write(1, "ab\tc\r", 5);
	check_str(fake_sent(), "ab      c\n", "tabs as blanks");
	fake_type("\023");
	set_flags(1, O_NONBLOCK, 0);
	check(do_write(1, "x", 1) == -EAGAIN && !(do_poll(1) & POLLOUT),
	      "VSTOP stops output");
	fake_type("\021");
	check(do_write(1, "x", 1) == 1, "VSTART starts it");
	fake_sent();
	fake_room = 0;
	{
		static char text[30000];
		long n =
		    do_write(1, memset(text, 'x', sizeof(text)), sizeof(text));

		check(n > 1000 && n < 30000, "some fits into the ring");
		check(do_write(1, text, 1) == -EAGAIN, "then none");
		fake_take(FAKE_TEXT_MAX);
		check(strlen(fake_sent()) == (size_t)n, "all of that came");
	}
	set_flags(1, 0, O_NONBLOCK);
}

static void test_requests(void)
{
	struct abi_winsize window = {1, 2, 3, 4};
	struct abi_stat st;
	struct file *f;
	uint32_t n = 0;

	start(false, false, false);
	check(do_ioctl(1, TIOCGWINSZ, &window) == 0 && window.rows == 24 &&
		  window.columns == 80,
	      "the window's size");
	signal_change_mask(ABI_SIG_BLOCK, BIT(ABI_SIGWINCH));
	window.rows = 50;
	check(do_ioctl(0, TIOCSWINSZ, &window) == 0, "set");
	check(do_ioctl(0, TIOCGWINSZ, &window) == 0 && window.rows == 50,
	      "and read");
	fake_type("ab\nc");
	check(do_ioctl(0, FIONREAD, &n) == 0 && n == 3, "FIONREAD");
	check(do_ioctl(0, TCFLSH, (void *)TCIFLUSH) == 0 &&
		  do_ioctl(0, FIONREAD, &n) == 0 && n == 0,
	      "TCFLSH");
	check(do_ioctl(0, TIOCGPGRP, &n) == 0 && n == 1, "TIOCGPGRP");
	n = 2;
	check(do_ioctl(0, TIOCSPGRP, &n) == -EPERM, "TIOCSPGRP");
	check(do_ioctl(0, 0x1234, &n) == -ENOTTY, "an unknown request");
	check(do_ioctl(0, TCGETS, NULL) == -EFAULT, "a bad pointer");
	f = fd_get(1);
	check(f->ops->stat(f, &st) == 0 && st.mode == (S_IFCHR | 0620) &&
		  st.rdev,
	      "stat");
	check(f->ops->seek(f, 0, SEEK_CUR) == -ESPIPE, "seek");
	file_put(f);
}

/* Lines nobody reads: the console is told to wait, and goes on. */
static void test_full(void)
{
	unsigned lines = 0;
	size_t taken = 0;

	start(false, false, false);
	while (taken < 100000 && fake_type("0123456\n") == 8)
		taken += 8;
	check(taken > 2000 && taken <= 4096, "the buffer is full");
	fake_resumed = 0;
	for (; do_poll(0) & POLLIN; lines++)
		do_read(0, 100);
	check(fake_resumed && lines == (taken + fake_taken) / 8,
	      "room again after %u lines", lines);
	start(false, false, false);
	for (taken = 0; taken < 10000; taken++)
		if (fake_type("x") != 1)
			break;
	check(taken == 10000, "a long line is cut");
	fake_type("\n");
	check(do_read(0, sizeof(buffer) - 1) == 4096, "to what fits");
}

static void test_pipes(void)
{
	struct abi_stat st;
	struct file *f;
	uint32_t n;

	start(true, true, true);
	check(do_write(1, "a\n", 2) == 2 && do_write(2, "b", 1) == 1, "write");
	check_str(fake_sent(), "a\nb", "as it is");
	fake_type("x\003y");
	check_str(fake_sent(), "", "no echo");
	check(do_poll(0) == (POLLIN | POLLRDNORM), "readable");
	check(do_ioctl(0, FIONREAD, &n) == 0 && n == 3, "FIONREAD");
	reads("x\003y", "no line discipline");
	check(do_ioctl(0, TCGETS, buffer) == -ENOTTY &&
		  do_ioctl(1, TIOCGWINSZ, buffer) == -ENOTTY,
	      "no terminal");
	for (int fd = 0; fd < 3; fd++) {
		f = fd_get(fd);
		check(f->ops->stat(f, &st) == 0 && st.mode == (S_IFIFO | 0600),
		      "stat of %d", fd);
		check(f->ops->seek(f, 0, SEEK_SET) == -ESPIPE, "seek");
		file_put(f);
	}
	host_thread(type_later, "late");
	reads("late", "a reader sleeps");
	for (n = 0; fake_type("0123456789") == 10; n++)
		;
	check(n == 409 && fake_taken == 6, "the buffer is full");
	fake_resumed = 0;
	check(do_read(0, sizeof(buffer) - 1) == 4096 && fake_resumed == 1,
	      "and empty");
}

static void test_framed(void)
{
	struct stdio_config config = {.console = &fake_console,
				      .framed = true,
				      .is_pipe = {true, true, false}};

	stdio_init(&config);
	stdio_start();
	fake_sent();
	do_write(1, "out\n", 4);
	do_write(2, "err\n", 4);
	check_str(fake_sent(),
		  "out\n\x10"
		  "eerr\r\n",
		  "channels");
	signal_change_mask(ABI_SIG_BLOCK, BIT(ABI_SIGTERM));
	fake_type("ab\x10t\x10"
		  "d");
	check(signal_pending() & BIT(ABI_SIGTERM), "SIGTERM");
	check(do_poll(0) == (POLLIN | POLLRDNORM | POLLHUP), "the end is near");
	reads("ab", "what came before");
	check(do_poll(0) == POLLHUP, "the end");
	reads("", "is the end");
	reads("", "for good");
}

int main(void)
{
	host_threads_start();
	test_lines();
	test_editing();
	test_signals();
	test_raw();
	test_waiting();
	test_output();
	test_requests();
	test_full();
	test_pipes();
	test_framed();
	return check_done();
}
