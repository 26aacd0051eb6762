/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * limits.c - resource limits (limits.h).
 */
#include "arch/spin.h"
#include "core/limits.h"
#include "core/pages.h"
#include "halvm/abi/errno.h"

#define ALL ABI_RLIM_INFINITY
#define UNSET 0UL
#define STACK_SIZE (8UL << 20) /* of the first thread: boot maps as much */
#define FILES 65536UL	       /* FD_MAX_DEFAULT */
#define SIGNALS 4096UL	       /* signal_queue.c's pool */

/* What GHC's RTS insists on: three stacks of libc's default in a third. */
#define ADDRESS_SPACE_MIN (10UL << 20)

static struct spinlock lock = SPINLOCK_INIT;
static struct abi_rlimit limits[ABI_RLIMITS] = {
    [ABI_RLIMIT_CPU] = {ALL, ALL},
    [ABI_RLIMIT_FSIZE] = {ALL, ALL},
    [ABI_RLIMIT_DATA] = {ALL, ALL},
    [ABI_RLIMIT_STACK] = {STACK_SIZE, ALL},
    [ABI_RLIMIT_CORE] = {0, ALL},
    [ABI_RLIMIT_RSS] = {ALL, ALL},
    [ABI_RLIMIT_NPROC] = {ALL, ALL},
    [ABI_RLIMIT_NOFILE] = {FILES, FILES},
    [ABI_RLIMIT_MEMLOCK] = {ALL, ALL},
    [ABI_RLIMIT_AS] = {UNSET, ALL},
    [ABI_RLIMIT_LOCKS] = {ALL, ALL},
    [ABI_RLIMIT_SIGPENDING] = {SIGNALS, SIGNALS},
    [ABI_RLIMIT_MSGQUEUE] = {0, 0},
    [ABI_RLIMIT_NICE] = {0, 0},
    [ABI_RLIMIT_RTPRIO] = {0, 0},
    [ABI_RLIMIT_RTTIME] = {ALL, ALL},
};

/*
 * The address space as far as it can ever be filled.  Nothing holds a program
 * to it; but GHC's RTS makes two thirds of it the most its heap may take, and
 * says "out of memory" when that is full.  With no limit it would believe in a
 * terabyte, and take the refusal of a page for a defect of its own.
 */
static uint64_t address_space(void)
{
	uint64_t heap = pages_available() / 8 * 7 * PAGE_SIZE;
	uint64_t limit = heap / 2 * 3;

	return limit > ADDRESS_SPACE_MIN ? limit : ADDRESS_SPACE_MIN;
}

int limits_change(unsigned resource, const struct abi_rlimit *new,
		  struct abi_rlimit *old)
{
	unsigned long flags;

	if (resource >= ABI_RLIMITS || (new &&new->cur > new->max))
		return -EINVAL;
	flags = spin_lock(&lock);
	*old = limits[resource];
	if (resource == ABI_RLIMIT_AS && old->cur == UNSET) {
		old->cur = address_space();
		limits[resource] = *old;
	}
	if (new)
		limits[resource] = *new;
	spin_unlock(&lock, flags);
	return 0;
}
