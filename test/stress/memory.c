/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory - maps until there is no more, gives all back and does it again: as
 * much must be there each time, and every page zero at first and its owner's
 * then.  And a churn of mmap, munmap, mprotect, mremap and madvise over a
 * region whose content is known, and of malloc.
 *
 * Beyond the first --amount mebibytes memory isn't taken, so that a run on a
 * large machine ends; --amount=0 takes all there is.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include "stress.h"

enum { page = 4096, chunk = 1 << 20, pages = 256 };

struct link {
	struct link *next;
	uint64_t number;
};

static void *map(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Takes chunks, each page marked by its chunk's number; returns how many. */
static long take_all(long limit, struct link **list)
{
	long n = 0;

	*list = NULL;
	while (!limit || n < limit) {
		char *p = map(chunk);

		if (p == MAP_FAILED) {
			CHECK(errno == ENOMEM);
			break;
		}
		for (int i = 0; i < chunk; i += page) {
			uint64_t *word = (uint64_t *)(p + i);

			CHECK(word[0] == 0 && word[page / 8 - 1] == 0);
			word[page / 8 - 1] = (uint64_t)n;
		}
		*(struct link *)p = (struct link){*list, (uint64_t)n++};
		*list = (struct link *)p;
	}
	return n;
}

static void give_back(struct link *list, long n)
{
	while (list) {
		struct link *next = list->next;
		char *p = (char *)list;

		CHECK(list->number == (uint64_t)--n);
		for (int i = 0; i < chunk; i += page)
			CHECK(*(uint64_t *)(p + i + page - 8) == (uint64_t)n);
		CHECK(munmap(p, chunk) == 0);
		list = next;
	}
	CHECK(n == 0);
}

/* While there is nothing left, calls fail as they should, and only those. */
static void starve(void)
{
	void *p = map((size_t)1 << 40);

	CHECK(p == MAP_FAILED && errno == ENOMEM);
	CHECK(malloc((size_t)1 << 40) == NULL && errno == ENOMEM);
	CHECK(getpid() > 0);
}

static void exhaust(long limit)
{
	struct link *list;
	long first = take_all(limit, &list), again;

	CHECK(first > 0);
	starve();
	give_back(list, first);
	for (int i = 0; i < 3; i++) {
		again = take_all(limit, &list);
		/* Page tables and the like may keep a little. */
		CHECK(again >= first - 1 - first / 50);
		give_back(list, again);
	}
}

/* model[i]: what page i holds; 0 zeros, -1 not mapped, rights[i] its rights */
static int64_t model[pages];
static int rights[pages];
static char *region;
static sigjmp_buf fault;

static void on_fault(int s)
{
	(void)s;
	siglongjmp(fault, 1);
}

static int touches(volatile char *p, int write)
{
	if (sigsetjmp(fault, 1))
		return 0;
	if (write)
		*p = *p;
	else
		(void)*p;
	return 1;
}

static void check_page(int i)
{
	volatile char *p = region + (size_t)i * page;
	int mapped = model[i] >= 0;

	CHECK(touches(p, 0) == (mapped && rights[i] & PROT_READ));
	CHECK(touches(p, 1) == (mapped && (rights[i] & PROT_WRITE) != 0));
	if (mapped && rights[i] & PROT_READ)
		CHECK(*(volatile int64_t *)(p + 64) == model[i] &&
		      *(volatile int64_t *)(p + page - 8) == model[i]);
}

static void fill(int i, int64_t value)
{
	char *p = region + (size_t)i * page;

	if (model[i] < 0 || rights[i] != (PROT_READ | PROT_WRITE))
		return;
	*(int64_t *)(p + 64) = *(int64_t *)(p + page - 8) = value;
	model[i] = value;
}

/* One random change of a random range, in the region and in the model. */
static void change(uint64_t *random)
{
	static const int sets[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
				   PROT_READ | PROT_WRITE};
	int a = (int)stress_below(random, pages);
	int n = 1 + (int)stress_below(random, (unsigned)(pages - a));
	int op = (int)stress_below(random, 6);
	int set = sets[stress_below(random, 4)], whole = 1;
	char *p = region + (size_t)a * page;
	size_t size = (size_t)n * page;

	for (int i = a; i < a + n; i++)
		whole &= model[i] >= 0;
	switch (op) {
	case 0:
		CHECK(munmap(p, size) == 0);
		break;
	case 1:
		CHECK(mmap(p, size, set,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			   0) == p);
		break;
	case 2:
		CHECK(mprotect(p, size, set) == (whole ? 0 : -1));
		if (!whole) {
			/* Which part it reached is no one's business. */
			CHECK(errno == ENOMEM);
			CHECK(mmap(p, size, set,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
				   0) == p);
			op = 1;
		}
		break;
	case 3:
		if (!whole)
			return;
		CHECK(madvise(p, size, MADV_DONTNEED) == 0);
		break;
	default:
		for (int i = a; i < a + n; i++)
			fill(i, (int64_t)(stress_random(random) >> 2));
		return;
	}
	for (int i = a; i < a + n; i++) {
		if (op == 0)
			model[i] = -1;
		else if (op == 1 || op == 3)
			model[i] = 0;
		if (op == 1 || op == 2)
			rights[i] = set;
	}
}

static void churn(long turns)
{
	uint64_t random = (uint64_t)stress_round;
	struct sigaction action = {.sa_handler = on_fault};

	CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
	region = map(pages * page);
	CHECK(region != MAP_FAILED);
	for (int i = 0; i < pages; i++) {
		model[i] = 0;
		rights[i] = PROT_READ | PROT_WRITE;
	}
	for (long i = 0; i < turns; i++) {
		change(&random);
		for (int k = 0; k < 8; k++)
			check_page((int)stress_below(&random, pages));
	}
	for (int i = 0; i < pages; i++)
		check_page(i);
	CHECK(munmap(region, pages * page) == 0);
	CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
}

/* Grown and shrunk, moved or not, the content stays. */
static void remap(long turns)
{
	uint64_t random = (uint64_t)stress_round + 1;
	size_t size = 4;
	uint64_t *p = map(size * page);

	CHECK(p != MAP_FAILED);
	for (size_t i = 0; i < size; i++)
		p[i * page / 8] = i;
	for (long turn = 0; turn < turns; turn++) {
		size_t want = 1 + stress_below(&random, 100);

		p = mremap(p, size * page, want * page, MREMAP_MAYMOVE);
		CHECK(p != MAP_FAILED);
		for (size_t i = 0; i < want; i++) {
			CHECK(p[i * page / 8] == (i < size ? i : 0));
			p[i * page / 8] = i;
		}
		size = want;
	}
	CHECK(munmap(p, size * page) == 0);
}

static void allocate(long turns)
{
	enum { blocks = 200 };
	uint64_t random = (uint64_t)stress_round + 2;
	unsigned char *block[blocks] = {NULL};
	size_t length[blocks] = {0};

	for (long turn = 0; turn < turns; turn++) {
		unsigned i = stress_below(&random, blocks);
		size_t want = (size_t)1 << stress_below(&random, 19);
		size_t old = length[i];

		for (size_t k = 0; k < old; k += 97)
			CHECK(block[i][k] == (unsigned char)i);
		block[i] = realloc(block[i], want);
		CHECK(block[i]);
		for (size_t k = 0; k < old && k < want; k += 97)
			CHECK(block[i][k] == (unsigned char)i);
		memset(block[i], (int)i, want);
		length[i] = want;
	}
	for (int i = 0; i < blocks; i++)
		free(block[i]);
}

static void one_round(long amount)
{
	/* What exhausting leaves must serve the rest, so it comes first. */
	exhaust(amount);
	churn(500);
	remap(200);
	allocate(2000);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "memory", 64, one_round);
}
