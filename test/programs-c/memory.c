/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mmap and its kin: rights and faults, places, files, giving pages back,
 * moving, large reservations, and what is an error.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"

#define PAGE 4096L
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static sigjmp_buf back;
static int code; /* si_code of the fault, 0: none */

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	code = info->si_code;
	siglongjmp(back, 1);
}

/* SEGV_MAPERR, SEGV_ACCERR, or 0 if p can be read (and written). */
static int fault(volatile char *p, int write)
{
	code = 0;
	if (sigsetjmp(back, 1) == 0) {
		char c = *p;

		if (write)
			*p = c;
	}
	return code;
}

static char *map(long pages, int prot)
{
	char *p = mmap(NULL, (size_t)(pages * PAGE), prot, ANON, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

static int zeros(const char *p, long n)
{
	while (n--)
		if (*p++)
			return 0;
	return 1;
}

static void rights(void)
{
	char *p = map(10, RW);

	CHECK(zeros(p, 10 * PAGE));
	memset(p, 1, 10 * PAGE);
	CHECK(mprotect(p + PAGE, 3 * PAGE, PROT_READ) == 0);
	CHECK(!fault(p + PAGE, 0) && fault(p + PAGE, 1) == SEGV_ACCERR);
	CHECK(!fault(p, 1) && !fault(p + 4 * PAGE, 1));
	CHECK(mprotect(p + 2 * PAGE, PAGE, PROT_NONE) == 0);
	CHECK(fault(p + 2 * PAGE, 0) == SEGV_ACCERR);
	CHECK(mprotect(p, 10 * PAGE, PROT_WRITE) == 0);
	CHECK(p[2 * PAGE] == 1 && !fault(p + 2 * PAGE, 1));
	CHECK(munmap(p + 5 * PAGE, PAGE) == 0);
	CHECK(fault(p + 5 * PAGE, 0) == SEGV_MAPERR && !fault(p + 6 * PAGE, 1));
	CHECK(munmap(p, 10 * PAGE) == 0 && fault(p, 0) == SEGV_MAPERR);
	CHECK(fault(NULL, 0) == SEGV_MAPERR);
	passed("rights");
}

static void code_page(void)
{
	static const unsigned char seven[] = {0xb8, 7, 0, 0, 0, 0xc3};
	char *p = mmap(NULL, PAGE, RW, ANON | MAP_32BIT, -1, 0);

	CHECK(p != MAP_FAILED && (uintptr_t)p < 0x80000000u);
	memcpy(p, seven, sizeof(seven)); /* mov $7, %eax; ret */
	CHECK(mprotect(p, PAGE, PROT_READ | PROT_EXEC) == 0);
	CHECK(((int (*)(void))(uintptr_t)p)() == 7);
	CHECK(fault(p, 1) == SEGV_ACCERR);
	CHECK(munmap(p, PAGE) == 0);
	passed("code");
}

static void places(void)
{
	char *p = map(10, PROT_NONE), *q;

	munmap(p, 10 * PAGE);
	q = mmap(p + 5, PAGE, RW, ANON, -1, 0);
	CHECK(q == p);
	q = mmap(p, PAGE, RW, ANON, -1, 0);
	CHECK(q != MAP_FAILED && q != p);
	munmap(q, PAGE);
	*p = 1;
	q = mmap(p, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0);
	CHECK(q == p && *p == 0);
	q = mmap(p + PAGE, 2 * PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	CHECK(q == MAP_FAILED && errno == EEXIST);
	q = mmap(p + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	CHECK(q == p + 2 * PAGE);
	munmap(p, 10 * PAGE);
	passed("places");
}

static void files(void)
{
	char name[] = "memory-XXXXXX", text[3 * PAGE], *p;
	int fd = mkstemp(name);

	CHECK(fd >= 0 && unlink(name) == 0);
	for (long i = 0; i < 3 * PAGE; i++)
		text[i] = (char)(i % 251);
	CHECK(write(fd, text, 2 * PAGE + 100) == 2 * PAGE + 100);
	p = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, PAGE);
	CHECK(p != MAP_FAILED && !memcmp(p, text + PAGE, PAGE + 100));
	CHECK(zeros(p + PAGE + 100, PAGE - 100));
	p[0] = 99;
	CHECK(pread(fd, text, 1, PAGE) == 1 && text[0] == (char)(PAGE % 251));
	CHECK(munmap(p, 2 * PAGE) == 0);
	text[0] = 0;
	p = mmap(NULL, 100, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && !memcmp(p, text, 2 * PAGE < 100 ? 0 : 100));
	CHECK(fault(p, 1) == SEGV_ACCERR);
	CHECK(madvise(p, PAGE, MADV_DONTNEED) == 0 && p[5] == 5);
	CHECK(munmap(p, 100) == 0);
	CHECK(mmap(NULL, 100, PROT_READ, MAP_PRIVATE, fd, 5) == MAP_FAILED &&
	      errno == EINVAL);
	close(fd);
	CHECK(mmap(NULL, 100, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED &&
	      errno == EBADF);
	passed("files");
}

static void advice(void)
{
	unsigned char vec[8];
	char *p = map(8, RW), *s;

	memset(p, 1, 8 * PAGE);
	CHECK(madvise(p + PAGE, 2 * PAGE, MADV_DONTNEED) == 0);
	CHECK(zeros(p + PAGE, 2 * PAGE) && p[0] == 1 && p[3 * PAGE] == 1);
	CHECK(madvise(p, 8 * PAGE, MADV_WILLNEED) == 0);
	CHECK(madvise(p, 8 * PAGE, MADV_DONTDUMP) == 0 && p[0] == 1);
	CHECK(madvise(p + 1, PAGE, MADV_NORMAL) == -1 && errno == EINVAL);
	CHECK(madvise(p, PAGE, 12345) == -1 && errno == EINVAL);
	CHECK(mincore(p, 8 * PAGE, vec) == 0 && vec[0] & 1 && vec[7] & 1);
	CHECK(msync(p, 8 * PAGE, MS_SYNC) == 0);
	CHECK(mlock(p + 100, PAGE) == 0 && munlock(p + 100, PAGE) == 0);
	munmap(p + 4 * PAGE, PAGE);
	CHECK(madvise(p, 8 * PAGE, MADV_DONTNEED) == -1 && errno == ENOMEM);
	CHECK(zeros(p, PAGE) && zeros(p + 7 * PAGE, PAGE));
	CHECK(mincore(p, 8 * PAGE, vec) == -1 && errno == ENOMEM);
	CHECK(msync(p, 8 * PAGE, MS_SYNC) == -1 && errno == ENOMEM);
	munmap(p, 8 * PAGE);
	s = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(s != MAP_FAILED);
	*s = 1;
	CHECK(madvise(s, PAGE, MADV_DONTNEED) == 0 && *s == 1);
	munmap(s, PAGE);
	passed("advice");
}

static void moving(void)
{
	char *p = map(20, RW), *q;

	memset(p, 3, 20 * PAGE);
	CHECK(mremap(p, 20 * PAGE, 10 * PAGE, 0) == p);
	CHECK(fault(p + 10 * PAGE, 0) == SEGV_MAPERR);
	CHECK(mremap(p, 10 * PAGE, 15 * PAGE, 0) == p);
	CHECK(p[10 * PAGE - 1] == 3 && zeros(p + 10 * PAGE, 5 * PAGE));
	CHECK(mmap(p + 15 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0) !=
	      MAP_FAILED);
	CHECK(mprotect(p + 15 * PAGE, PAGE, PROT_READ) == 0);
	CHECK(mremap(p, 15 * PAGE, 16 * PAGE, 0) == MAP_FAILED &&
	      errno == ENOMEM);
	q = mremap(p, 15 * PAGE, 3000 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q != p && fault(p, 0) == SEGV_MAPERR);
	CHECK(q[0] == 3 && q[10 * PAGE - 1] == 3 && !q[2999 * PAGE]);
	munmap(p, 20 * PAGE);
	p = mremap(q, 10 * PAGE, 10 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p);
	CHECK(p != MAP_FAILED && p[0] == 3 && fault(q, 0) == SEGV_MAPERR);
	munmap(q, 3000 * PAGE);
	munmap(p, 10 * PAGE);
	passed("moving");
}

/* As GHC's RTS does; and areas that get large pages, where there are such. */
static void large(void)
{
	size_t tera = 1UL << 40, mega = 1 << 20;
	char *p = mmap((void *)0x4200000000, tera + mega, PROT_NONE,
		       ANON | MAP_NORESERVE, -1, 0);
	char *q = map(16 << 8, RW);

	CHECK(p == (char *)0x4200000000);
	for (size_t i = 0; i < 8; i++) {
		CHECK(mmap(p + i * mega, mega, RW, ANON | MAP_FIXED, -1, 0) ==
		      p + i * mega);
		p[i * mega] = 1;
	}
	CHECK(fault(p + 8 * mega, 0) == SEGV_ACCERR);
	CHECK(munmap(p, tera + mega) == 0 && fault(p, 0) == SEGV_MAPERR);
	for (size_t i = 0; i < 16 * mega; i += 100000)
		q[i] = (char)(i >> 12);
	CHECK(mprotect(q + 5 * mega, 12345, PROT_READ) == 0);
	CHECK(munmap(q + 7 * mega, PAGE) == 0);
	CHECK(madvise(q + 9 * mega, PAGE, MADV_DONTNEED) == 0);
	for (size_t i = 0; i < 16 * mega; i += 100000)
		if (i >> 12 != 7 << 8 && i >> 12 != 9 << 8)
			CHECK(q[i] == (char)(i >> 12));
	CHECK(munmap(q, 16 * mega) == 0);
	passed("large");
}

static void errors(void)
{
	char *p = map(3, PROT_READ);
	int fd = open("/dev/null", O_RDONLY);

	CHECK(mmap(NULL, 0, RW, ANON, -1, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0) == MAP_FAILED &&
	      errno == EINVAL);
	CHECK(mmap((void *)5, PAGE, RW, ANON | MAP_FIXED, -1, 0) ==
		  MAP_FAILED &&
	      errno == EINVAL);
	CHECK(mmap(NULL, 1UL << 60, RW, ANON, -1, 0) == MAP_FAILED &&
	      errno == ENOMEM);
	CHECK(munmap(p + 1, PAGE) == -1 && errno == EINVAL);
	CHECK(mprotect(p, PAGE, 64) == -1 && errno == EINVAL);
	munmap(p + PAGE, PAGE);
	CHECK(mprotect(p, 3 * PAGE, RW) == -1 && errno == ENOMEM);
	CHECK(mremap(p, PAGE, 0, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(read(fd, p, 10) == 0);
	close(fd);
	munmap(p, 3 * PAGE);
	CHECK(mremap(p, PAGE, 2 * PAGE, 0) == MAP_FAILED && errno == EFAULT);
	CHECK(write(1, p, 10) == -1 && errno == EFAULT);
	passed("errors");
}

static void brk_area(void)
{
	char *p = sbrk(0);

	CHECK(p != (void *)-1);
	passed("brk");
}

int main(void)
{
	struct sigaction a = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};

	CHECK(sigaction(SIGSEGV, &a, NULL) == 0);
	rights();
	code_page();
	places();
	files();
	advice();
	moving();
	large();
	errors();
	brk_area();
	return 0;
}
