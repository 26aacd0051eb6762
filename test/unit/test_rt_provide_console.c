/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console from a provider (runtime/provide/console*.c), on the build
 * machine: what the program of test/provide can't do, as its own words would be
 * lost.  The test's three descriptors are put back at once; the console is
 * looked at through dups.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include "check.h"
#include "provide_real.h"
#include "provide_posix.h"
#include "halvm/provider.h"
#include "upcase.h"

static int console[3], input[2], output[2];

static unsigned ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT};

	return poll(&p, 1, 0) < 0 ? 0xffff : (unsigned)p.revents;
}

/* All that has come out below. */
static const char *came_out(void)
{
	static char text[8192];
	long n = host_call(SYS_read, output[0], (long)text, sizeof(text) - 1, 0,
			   0, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Before the provider's constructor, so that a pipe is below it. */
__attribute__((__constructor__(101))) static void below(void)
{
	if (pipe2(output, O_NONBLOCK) || pipe2(input, O_NONBLOCK))
		abort();
	for (int i = 0; i < 3; i++)
		console[i] = (int)host_call(SYS_dup, i, 0, 0, 0, 0, 0);
	host_call(SYS_dup2, input[0], 0, 0, 0, 0, 0);
	host_call(SYS_dup2, output[1], 1, 0, 0, 0, 0);
	host_call(SYS_dup2, output[1], 2, 0, 0, 0, 0);
}

static void put_back(void)
{
	int saved[3];

	for (int i = 0; i < 3; i++) {
		saved[i] = console[i];
		console[i] = dup(i);
		dup2(saved[i], i);
		close(saved[i]);
	}
}

static void test_once(void)
{
	static const struct halvm_console_provider none;
	struct halvm_console_provider other = {.abi = HALVM_PROVIDER_ABI};

	check(halvm_provide_console(NULL) == -EINVAL, "no table");
	check(halvm_provide_console(&none) == -EINVAL, "another abi");
	check(halvm_provide_console(&other) == -EINVAL, "without functions");
	check(halvm_below_console(3) == -EINVAL &&
		  halvm_below_console(-1) == -EINVAL,
	      "no such stream");
}

static void test_words(void)
{
	int fd = halvm_below_console(2);
	char in[8];

	check(write(console[1], "some words", 10) == 10, "written");
	check_str(came_out(), "SOME WORDS", "came out");
	check(host_call(SYS_write, fd, (long)"below", 5, 0, 0, 0) == 5,
	      "below is the machine's own");
	check_str(came_out(), "below", "as it is");
	close(fd);
	upcase_shut = 1;
	check(write(console[2], "the end", 7) == 7, "where none may enter,");
	check_str(came_out(), "the end", "the words go below");
	host_call(SYS_write, input[1], (long)"in", 2, 0, 0, 0);
	check(read(console[0], in, 8) == 2 && !memcmp(in, "in", 2),
	      "and come from there");
	upcase_shut = 0;
}

static void test_bad(void)
{
	struct iovec v = {NULL, 4};
	struct stat *nowhere = NULL;
	struct termios t = {0};
	char c;

	check(write(console[1], NULL, 1) == -1 && errno == EFAULT, "write");
	check(readv(console[0], &v, 1) == -1 && errno == EFAULT, "readv");
	check(fstat(console[0], nowhere) == -1 && errno == EFAULT, "fstat");
	upcase_terminal = 1;
	check(ioctl(console[0], TCGETS, NULL) == -1 && errno == EFAULT,
	      "TCGETS");
	check(ioctl(console[0], TCSETS, NULL) == -1 && errno == EFAULT,
	      "TCSETS");
	check(ioctl(console[0], TIOCGWINSZ, NULL) == -1 && errno == EFAULT,
	      "TIOCGWINSZ");
	t.c_lflag = ECHO;
	t.c_cc[VMIN] = 9;
	check(!ioctl(console[0], TCSETS, &t) && !(t.c_cc[VMIN] = 0) &&
		  !ioctl(console[1], TCGETS, &t) && t.c_lflag == ECHO &&
		  t.c_cc[VMIN] == 9,
	      "modes are kept");
	check(ioctl(console[0], 0x5499, NULL) == -1 && errno == EINVAL,
	      "no such request");
	upcase_terminal = 0;
	check(ioctl(console[0], TCGETS, &v) == -1 && errno == ENOTTY,
	      "no terminal");
	check(listen(console[0], 1) == -1 && errno == ENOTSOCK,
	      "the placeholder's nature doesn't show");
	check(send(console[0], "x", 1, 0) == -1 && errno == ENOTSOCK,
	      "not by send,");
	check(recv(console[0], &c, 1, 0) == -1 && errno == ENOTSOCK,
	      "nor recv");
}

static void test_many(void)
{
	struct iovec v[2] = {{(char[]){"ab"}, 2}, {(char[]){"cd"}, 2}};
	char a[3] = "", b[3] = "";
	struct iovec to[2] = {{a, 2}, {b, 2}};
	int n = 0;

	check(writev(console[1], v, 2) == 4, "writev");
	check_str(came_out(), "ABCD", "in order");
	upcase_input("xyz");
	check(!ioctl(console[0], FIONREAD, &n) && n > 0, "FIONREAD");
	check(readv(console[0], to, 2) == 3 && !strcmp(a, "xy") &&
		  !strcmp(b, "z"),
	      "readv takes what there is");
	check(writev(console[1], v, 0) == 0 && write(console[1], "", 0) == 0,
	      "nothing");
	check(fcntl(console[0], F_SETFL, O_NONBLOCK) == 0 &&
		  readv(console[0], to, 2) == -1 && errno == EAGAIN,
	      "readv doesn't wait");
}

int main(void)
{
	put_back();
	signal(SIGPIPE, SIG_IGN);
	test_once();
	test_words();
	test_bad();
	test_many();
	check(ready(console[0]) == 0 && ready(console[1]) == POLLOUT,
	      "what is ready");
	return check_done();
}
