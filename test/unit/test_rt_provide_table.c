/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors and open descriptions of the provider layer: duplicates, hidden
 * ones, ranges, many of them, and many threads at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "check.h"
#include "provide_real.h"
#include "provide_wrapped.h"
#include "../provide/memory_files.h"

/* provide.h, whose names clash with those of the machine's headers */
long provide_hide(long fd);
void provide_unhide(long fd);

static long open_new(const char *path)
{
	return wrapped(open, (long)path, O_RDWR | O_CREAT, 0600);
}

static void test_duplicates(void)
{
	long a = open_new("/mem/a"), b, c;

	b = wrapped(dup, a);
	c = wrapped(fcntl, b, F_DUPFD, 50);
	check(a >= 0 && b >= 0 && c >= 50, "duplicates");
	wrapped(write, c, (long)"text", 4);
	check(wrapped(lseek, a, 0, SEEK_CUR) == 4, "have one place");
	wrapped(close, a);
	wrapped(close, b);
	check(memory_files_open == 1, "the last one keeps it open");
	check(wrapped(dup2, c, c) == c && wrapped(dup3, c, c, 0) == -EINVAL,
	      "onto itself");
	check(wrapped(dup2, 999, c) == -EBADF &&
		  wrapped(lseek, c, 0, SEEK_CUR) == 4,
	      "a failed dup2 leaves it");
	check(wrapped(dup2, 2, c) == c && memory_files_open == 0,
	      "the target's over it");
	wrapped(close, c);
	check(wrapped(dup, 999) == -EBADF &&
		  wrapped(fcntl, 999, F_DUPFD, 0) == -EBADF,
	      "what isn't open");
}

static void test_hidden(void)
{
	long a = open_new("/mem/a"), hidden = provide_hide(dup(2)), b;
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	check(hidden >= 0 && fcntl((int)hidden, F_GETFD) == FD_CLOEXEC,
	      "a hidden descriptor, %ld", hidden);
	check(limit.rlim_cur == limit.rlim_max ||
		  hidden >= (long)limit.rlim_cur,
	      "is none of the program's");
	check(wrapped(close, hidden) == -EBADF &&
		  wrapped(dup2, a, hidden) == -EBUSY &&
		  wrapped(dup3, a, hidden, 0) == -EBUSY,
	      "and stays");
	b = wrapped(dup, 2);
	check(wrapped(close_range, 5000, 3, 0) == -EINVAL, "a wrong range");
	check(wrapped(close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
		  fcntl((int)a, F_GETFD) == FD_CLOEXEC,
	      "a range to close at exec");
	check(wrapped(close_range, 3, ~0U, 0) == 0 && memory_files_open == 0 &&
		  fcntl((int)b, F_GETFD) == -1,
	      "a range closes what is in it");
	check(fcntl((int)hidden, F_GETFD) == FD_CLOEXEC, "not what is hidden");
	provide_unhide(hidden);
	check(fcntl((int)hidden, F_GETFD) == -1, "till it is closed");
}

static void test_many(void)
{
	enum { MANY = 300 };
	long fd[MANY];
	unsigned good = 0;
	char path[300] = "/mem/";

	for (int i = 0; i < MANY; i++) {
		fd[i] = open_new("/mem/a");
		good += fd[i] >= 0;
	}
	check(good == MANY && memory_files_open == MANY, "many at once");
	for (int i = 0; i < MANY; i++)
		wrapped(close, fd[i]);
	check(memory_files_open == 0, "and closed");
	memset(path + 5, 'p', 240);
	for (int i = 0; i < 100; i++)
		wrapped(close, open_new(path));
	check(memory_files_open == 0, "long paths come and go");
}

static void test_limit(void)
{
	struct rlimit old, small;
	long fd[40], r = 0;
	int n = 0;

	getrlimit(RLIMIT_NOFILE, &old);
	small = old;
	small.rlim_cur = 20;
	setrlimit(RLIMIT_NOFILE, &small);
	while (n < 40 && (r = fd[n] = open_new("/mem/a")) >= 0)
		n++;
	check(r == -EMFILE && memory_files_open == (unsigned)n, "too many: %d",
	      n);
	while (n)
		wrapped(close, fd[--n]);
	setrlimit(RLIMIT_NOFILE, &old);
	check(memory_files_open == 0, "nothing is left");
}

/* Threads open, read, duplicate and close each other's descriptors. */
static void *mix(void *seed)
{
	unsigned s = (unsigned)(uintptr_t)seed;
	struct stat status;
	char b[16];

	for (int i = 0; i < 4000; i++) {
		long fd;

		s = s * 1103515245 + 12345;
		fd = 60 + (s >> 16) % 8;
		switch (s >> 28) {
		case 0:
		case 1:
		case 2:
		case 3: {
			long made = open_new("/mem/shared");

			wrapped(dup2, made, fd);
			wrapped(close, made);
			break;
		}
		case 4:
		case 5:
			wrapped(close, fd);
			break;
		case 6:
			wrapped(dup2, fd, 60 + (s >> 20) % 8);
			break;
		case 7:
			wrapped(fstat, fd, (long)&status);
			break;
		case 8:
			wrapped(lseek, fd, (s >> 18) % 100, SEEK_SET);
			break;
		default:
			wrapped(read, fd, (long)b, sizeof(b));
		}
	}
	return NULL;
}

static void test_threads(void)
{
	pthread_t t[4];

	for (uintptr_t i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, mix, (void *)(i + 1));
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	wrapped(close_range, 3, ~0U, 0);
	check(memory_files_open == 0, "four threads leave nothing open: %u",
	      memory_files_open);
}

static void test_late(void)
{
	long a = open_new("/mem/a"), b = open_new("/mem/b");

	memory_files_enter = 0;
	check(wrapped(close, a) == 0 && wrapped(close, b) == 0 &&
		  memory_files_open == 2,
	      "two closes that must wait");
	check(open_new("/mem/a") == -EDEADLK, "as open does");
	memory_files_enter = 1;
	a = open_new("/mem/a");
	check(a >= 0 && memory_files_open == 1, "the next call makes them");
	wrapped(close, a);
}

int main(void)
{
	struct halvm_files_provider table = memory_files("/mem");

	check(halvm_provide_files(&table) == 0, "a provider");
	test_duplicates();
	test_hidden();
	test_many();
	test_limit();
	test_late();
	test_threads();
	return check_done();
}
