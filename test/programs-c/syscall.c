/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * syscall(2): Linux's numbers reach the right call with all six arguments in
 * their places, errors become errno, and what isn't there is ENOSYS.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static void unknown_numbers(void)
{
	static const long unknown[] = {-1,    335,	423,	  1000,
				       65536, LONG_MAX, LONG_MIN, 1L << 32};

	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		errno = 0;
		CHECK(syscall(unknown[i], 1, 2, 3) == -1 && errno == ENOSYS);
	}
	passed("unknown numbers");
}

static void errors(void)
{
	errno = 0;
	CHECK(syscall(SYS_close, -1) == -1 && errno == EBADF);
	CHECK(syscall(SYS_getpid) == getpid());
	CHECK(syscall(SYS_gettid) == getpid());
	passed("errors and values");
}

/* mmap is wrong with any of its six arguments out of place. */
static void six_arguments(void)
{
	char name[] = "/tmp/halvm-syscall-XXXXXX";
	char page[8192];
	int fd = mkstemp(name);
	char *p;

	CHECK(fd >= 0 && unlink(name) == 0);
	memset(page, 'a', 4096);
	memset(page + 4096, 'b', 4096);
	CHECK(syscall(SYS_write, fd, page, 8192L) == 8192);
	p = (char *)syscall(SYS_mmap, NULL, 4096L, (long)PROT_READ,
			    (long)MAP_PRIVATE, (long)fd, 4096L);
	CHECK(p != MAP_FAILED && p[0] == 'b' && p[4095] == 'b');
	CHECK(munmap(p, 4096) == 0);
	p = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && p[0] == 'a' && p[4096] == 'b');

	CHECK(syscall(SYS_pwrite64, fd, "xy", 2L, 5000L) == 2);
	CHECK(p[4999] == 'b' && p[5000] == 'x' && p[5001] == 'y');

	struct iovec v[2] = {{page, 3}, {page + 100, 2}};
	CHECK(preadv(fd, v, 2, 4998) == 5);
	CHECK(!memcmp(page, "bbx", 3) && !memcmp(page + 100, "yb", 2));
	close(fd);
	passed("six arguments");
}

static void sockets(void)
{
	struct timespec wait = {0, 50000000};
	char buffer[10] = "";
	int s[2];
	fd_set set;

	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, s) == 0);
	CHECK(sendto(s[0], "hello", 6, MSG_DONTWAIT, NULL, 0) == 6);
	CHECK(recvfrom(s[1], buffer, 10, MSG_DONTWAIT, NULL, NULL) == 6);
	CHECK(!strcmp(buffer, "hello"));
	FD_ZERO(&set);
	FD_SET(s[1], &set);
	CHECK(pselect(s[1] + 1, &set, NULL, NULL, &wait, NULL) == 0);
	passed("sockets and pselect");
}

/* fork by any of its numbers: the child returns from syscall(). */
static void forks(void)
{
	static const long how[][2] = {
	    {SYS_fork, 0}, {SYS_vfork, 0}, {SYS_clone, SIGCHLD}};

	for (int i = 0; i < 3; i++) {
		int status;
		pid_t pid =
		    (pid_t)syscall(how[i][0], how[i][1], 0L, 0L, 0L, 0L);

		CHECK(pid >= 0);
		if (pid == 0)
			_exit(30 + i);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 30 + i);
	}
	passed("fork, vfork and clone");
}

int main(void)
{
	unknown_numbers();
	errors();
	six_arguments();
	sockets();
	forks();
	return 0;
}
