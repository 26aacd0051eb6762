/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lock.c - memory and locks, which the target gives.
 */
#include "provide/provide.h"
#include "halvm/abi/futex.h"
#include "halvm/abi/mman.h"
#include "halvm/abi/time.h"

#define PAGE 4096UL
#define SIG_SETMASK 2 /* <signal.h> */

static size_t whole_pages(size_t size)
{
	return (size + PAGE - 1) & ~(PAGE - 1);
}

void *provide_alloc(size_t size)
{
	long p = target(mmap, 0, (long)whole_pages(size),
			ABI_PROT_READ | ABI_PROT_WRITE,
			ABI_MAP_PRIVATE | ABI_MAP_ANONYMOUS, -1, 0);

	return p < 0 && p >= -4095 ? NULL : (void *)p;
}

void provide_free(void *p, size_t size)
{
	if (p)
		target(munmap, (long)p, (long)whole_pages(size));
}

long provide_wait(uint32_t *word, uint32_t value, int64_t timeout)
{
	struct abi_timespec t = {timeout / 1000000000, timeout % 1000000000};

	return target(futex, (long)word, ABI_FUTEX_WAIT | ABI_FUTEX_PRIVATE,
		      value, timeout < 0 ? 0 : (long)&t, 0, 0);
}

void provide_wake(uint32_t *word, int32_t count)
{
	target(futex, (long)word, ABI_FUTEX_WAKE | ABI_FUTEX_PRIVATE, count, 0,
	       0, 0);
}

/* 0: free, 1: taken, 2: taken and somebody may sleep. */
provide_signals provide_lock(struct provide_lock *l)
{
	const uint64_t all = ~0UL;
	uint64_t before = 0;
	uint32_t word = 0;

	target(rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before,
	       sizeof(all));
	if (__atomic_compare_exchange_n(&l->word, &word, 1, false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return before;
	while (__atomic_exchange_n(&l->word, 2, __ATOMIC_ACQUIRE) != 0)
		provide_wait(&l->word, 2, -1);
	return before;
}

void provide_unlock(struct provide_lock *l, provide_signals before)
{
	if (__atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE) == 2)
		provide_wake(&l->word, 1);
	target(rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof(before));
}
