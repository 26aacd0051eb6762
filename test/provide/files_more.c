/* SPDX-License-Identifier: BSD-3-Clause */
/* files_more.c - copies, maps, locks, threads, and a provider that is shut. */
#define _GNU_SOURCE
#include "files.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef F_OFD_SETLK
#define F_OFD_SETLK 37
#endif

static void maps(void)
{
	char *p;
	int fd = open("/mem/map", O_RDWR | O_CREAT, 0600);

	for (int i = 0; i < 3000; i++)
		dprintf(fd, "%5d", i);
	p = mmap(NULL, 15000, PROT_READ, MAP_PRIVATE, fd, 0);
	say(p != MAP_FAILED && !memcmp(p + 5000, " 1000", 5), "mmap");
	munmap(p, 15000);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 12288);
	say(p != MAP_FAILED && p[1] == '7' && p[2711] == '9' && p[2712] == 0,
	    "the end of a file in a map");
	munmap(p, 4096);
	say(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
		    MAP_FAILED &&
		errno == ENODEV,
	    "no shared map for writing");
	close(fd);
	unlink("/mem/map");
}

static void copies(void)
{
	char b[8], name[] = "/tmp/copy-XXXXXX";
	int in = open("/mem/in", O_RDWR | O_CREAT, 0600), ends[2];
	int out = open("/mem/out", O_RDWR | O_CREAT, 0600);
	int other = mkstemp(name), left;
	off_t at = 2;

	write(in, "0123456789", 10);
	lseek(in, 1, SEEK_SET);
	say(ioctl(in, FIONREAD, &left) == 0 && left == 9, "FIONREAD");
	say(isatty(in) == 0 && errno == ENOTTY, "not a terminal");
	say(sendfile(out, in, NULL, 3) == 3 && lseek(in, 0, SEEK_CUR) == 4,
	    "sendfile within the provider");
	say(sendfile(other, in, &at, 100) == 8 && at == 10, "out of it");
	say(pread(other, b, 8, 0) == 8 && !memcmp(b, "23456789", 8),
	    "it is so");
	at = 0;
	say(sendfile(out, other, &at, 2) == 2 && pread(out, b, 8, 0) == 5 &&
		!memcmp(b, "12323", 5),
	    "into it");
	pipe(ends);
	at = 0;
	say(sendfile(ends[1], in, &at, 4) == 4 && read(ends[0], b, 8) == 4,
	    "into a pipe");
	say(copy_file_range(in, NULL, out, NULL, 5, 0) == -1,
	    "copy_file_range is for others");
	say(fsync(out) == 0 && fdatasync(out) == 0, "fsync");
	SAY_ERROR(fallocate(out, 0, 0, 10), EOPNOTSUPP, "fallocate");
	say(posix_fadvise(out, 0, 0, POSIX_FADV_NORMAL) == 0, "fadvise");
	close(ends[0]);
	close(ends[1]);
	close(other);
	close(in);
	close(out);
	unlink(name);
	unlink("/mem/in");
	unlink("/mem/out");
}

static void locks(void)
{
	int a = open("/mem/lock", O_RDWR | O_CREAT, 0600);
	int b = open("/mem/lock", O_RDWR), c = dup(a);
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	say(flock(a, LOCK_SH) == 0 && flock(b, LOCK_SH) == 0, "shared locks");
	SAY_ERROR(flock(a, LOCK_EX | LOCK_NB), EWOULDBLOCK, "an exclusive one");
	say(flock(b, LOCK_UN) == 0 && flock(c, LOCK_EX) == 0,
	    "once the other has gone");
	SAY_ERROR(fcntl(b, F_OFD_SETLK, &l), EAGAIN, "F_OFD_SETLK");
	say(fcntl(b, F_SETLK, &l) == 0, "F_SETLK doesn't see itself");
	close(a);
	close(c);
	say(fcntl(b, F_OFD_SETLK, &l) == 0, "closing unlocks");
	close(b);
	unlink("/mem/lock");
}

enum { THREADS = 4, LINES = 500 };

static void *writer(void *fd)
{
	for (int i = 0; i < LINES; i++)
		if (write((int)(intptr_t)fd, "0123456\n", 8) != 8)
			abort();
	return NULL;
}

static void threads(void)
{
	static char b[THREADS * LINES * 8 + 8];
	int fd = open("/mem/t", O_RDWR | O_CREAT, 0600);
	pthread_t t[THREADS];
	bool good = true;
	ssize_t n;

	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, writer, (void *)(intptr_t)fd);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	n = pread(fd, b, sizeof(b), 0);
	for (ssize_t i = 0; i + 8 <= n; i += 8)
		good = good && !memcmp(b + i, "0123456\n", 8);
	say(n == THREADS * LINES * 8 && good, "threads share a place");
	close(fd);
	unlink("/mem/t");
}

static void shut(void)
{
	char b[4];
	int fd = open("/mem/w/x", O_RDONLY);

	memory_files_enter = 0;
	SAY_ERROR(read(fd, b, 1), EDEADLK, "a provider that can't be entered");
	SAY_ERROR(open("/mem/w/x", O_RDONLY), EDEADLK, "nor for open");
	say(close(fd) == 0 && memory_files_open == 1, "the close is late");
	memory_files_enter = 1;
	say(access("/mem/w/x", F_OK) == 0 && memory_files_open == 0,
	    "it comes with the next call");
}

void test_more(void)
{
	maps();
	copies();
	locks();
	threads();
	shut();
}
