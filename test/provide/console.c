/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * console - a program whose console is a provider (upcase.h).  What it tells
 * goes there, so in capital letters.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>
#include "halvm/provider.h"
#include "say.h"
#include "upcase.h"

int say_failed;
static volatile int pipes;

static void count_pipe(int n)
{
	(void)n;
	pipes++;
}

static unsigned ready(int fd, int timeout)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT};

	return poll(&p, 1, timeout) < 0 ? 0xffff : (unsigned)p.revents;
}

static void *input_later(void *text)
{
	usleep(20000);
	upcase_input(text);
	return NULL;
}

static pthread_t later(char *text)
{
	pthread_t t;

	pthread_create(&t, NULL, input_later, text);
	return t;
}

static void test_input(void)
{
	char line[32] = "";
	struct timeval none = {0, 0};
	struct epoll_event e = {.events = EPOLLIN | EPOLLET};
	int set = epoll_create1(0);
	pthread_t t;
	fd_set in;

	say(ready(0, 0) == 0, "no input yet");
	t = later("one\n");
	say(ready(0, -1) == POLLIN, "poll waits for it");
	pthread_join(t, NULL);
	FD_ZERO(&in);
	FD_SET(0, &in);
	say(select(1, &in, NULL, NULL, &none) == 1, "select sees it");
	epoll_ctl(set, EPOLL_CTL_ADD, 0, &e);
	say(epoll_wait(set, &e, 1, 0) == 1, "epoll, too");
	say(read(0, line, 2) == 2 && !memcmp(line, "on", 2), "read");
	say(read(0, line, 32) == 2 && !memcmp(line, "e\n", 2), "the rest");
	say(ready(0, 0) == 0, "no more");
	upcase_input("two\n");
	say(epoll_wait(set, &e, 1, 0) == 1, "an edge");
	say(fgets(line, 32, stdin) && !strcmp(line, "two\n"), "fgets");
	t = later("three\n");
	say(fgets(line, 32, stdin) && !strcmp(line, "three\n"), "and it waits");
	pthread_join(t, NULL);
	fcntl(0, F_SETFL, O_NONBLOCK);
	SAY_ERROR(read(0, line, 1), EAGAIN, "not blocking");
	fcntl(0, F_SETFL, 0);
	upcase_interrupt = 1;
	SAY_ERROR(read(0, line, 1), EINTR, "interrupted");
	SAY_ERROR(pread(0, line, 1, 0), ESPIPE, "no place in it");
	SAY_ERROR(lseek(0, 0, SEEK_CUR), ESPIPE, "nor lseek");
	SAY_ERROR(read(1, line, 1), EBADF, "output isn't read");
	SAY_ERROR(write(0, line, 1), EBADF, "input isn't written");
	close(set);
}

static void *read_later(void *p)
{
	return (void *)(long)read(0, p, 8);
}

static void test_output(void)
{
	struct iovec v[3] = {{"a vector ", 9}, {"", 0}, {"of parts\n", 9}};
	char c[8];
	pthread_t t;
	void *r;
	int fd;

	say(writev(1, v, 3) == 18, "writev");
	fd = dup(1);
	say(write(fd, "by a dup\n", 9) == 9, "dup");
	close(fd);
	fd = open("/dev/stdout", O_WRONLY);
	say(write(fd, "by its name\n", 12) == 12, "/dev/stdout");
	close(fd);
	say(write(2, "to stderr\n", 10) == 10, "stderr");
	fd = halvm_below_console(1);
	say(write(fd, "as it is, below\n", 16) == 16, "the target's own");
	close(fd);
	pthread_create(&t, NULL, read_later, c);
	usleep(10000);
	say(true, "while another thread reads");
	upcase_input("x");
	pthread_join(t, &r);
	say((long)r == 1, "which has read");
	upcase_shut = 1;
	say(true, "this line can't go to the provider");
	upcase_shut = 0;
	say(upcase_waits > 4, "it was waited for");
}

static void test_full(void)
{
	int saved = upcase_full, n;

	fcntl(1, F_SETFL, O_NONBLOCK);
	n = (int)write(1, "0123456789\n", 11);
	upcase_full = 1;
	errno = 0;
	n = n > 0 && write(1, "x", 1) == -1 && errno == EAGAIN;
	upcase_full = saved;
	fcntl(1, F_SETFL, 0);
	write(1, "\n", 1);
	say(n, "not blocking: as much as goes");
	upcase_error = -EIO;
	n = write(1, "x", 1) == -1 && errno == EIO;
	upcase_error = -100000;
	n = n && write(1, "x", 1) == -1 && errno == EIO;
	upcase_error = -EPIPE;
	signal(SIGPIPE, count_pipe);
	n = n && write(1, "x", 1) == -1 && errno == EPIPE;
	upcase_error = 0;
	say(n && pipes == 1, "errors");
}

static void test_redirected(void)
{
	int saved = dup(1), null = open("/dev/null", O_WRONLY);

	dup2(null, 1);
	say(true, "nobody sees this");
	dup2(saved, 1);
	close(saved);
	close(null);
	say(true, "redirected, and back");
}

static void test_terminal(void)
{
	struct winsize w = {0};
	struct termios t, u;
	struct stat st;
	int fd;

	say(!isatty(0) && !isatty(1), "no terminal");
	say(!fstat(1, &st) && S_ISFIFO(st.st_mode),
	    "but something like a pipe");
	fd = open("/dev/tty", O_WRONLY);
	upcase_terminal = 1;
	say(isatty(0) && isatty(1) && isatty(2), "a terminal");
	say(!ioctl(1, TIOCGWINSZ, &w) && w.ws_row == 25 && w.ws_col == 132 &&
		w.ws_xpixel == 800 && w.ws_ypixel == 600,
	    "of that size");
	say(!fstat(1, &st) && S_ISCHR(st.st_mode), "fstat");
	say(!tcgetattr(0, &t) && t.c_lflag & ECHO && t.c_lflag & ICANON,
	    "tcgetattr");
	t.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
	say(!tcsetattr(0, TCSAFLUSH, &t) && !tcgetattr(2, &u) &&
		!(u.c_lflag & ECHO),
	    "tcsetattr");
	say(!tcdrain(1) && !tcflush(0, TCIFLUSH) && tcgetpgrp(1) == getpid(),
	    "and the like");
	if (fd >= 0)
		close(fd);
	fd = open("/dev/tty", O_WRONLY);
	say(write(fd, "to the terminal\n", 16) == 16, "/dev/tty");
	close(fd);
	upcase_terminal = 0;
	say(!isatty(1), "and none again");
}

static void test_end(void)
{
	char c;
	int fd = dup(0);

	upcase_input("last");
	upcase_end();
	say(read(0, &c, 1) == 1, "before the end");
	close(0);
	SAY_ERROR(read(0, &c, 1), EBADF, "closed");
	say(fcntl(fd, F_DUPFD, 0) == 0 && read(0, &c, 1) == 1, "and back");
	while (read(0, &c, 1) == 1)
		;
	say(read(0, &c, 1) == 0 && ready(0, 0) == POLLIN, "the end");
}

int main(void)
{
	alarm(60);
	test_input();
	test_output();
	test_full();
	test_redirected();
	test_terminal();
	test_end();
	printf("1..%d\n", say_count);
	return say_failed ? 1 : 0;
}
