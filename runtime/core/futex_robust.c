/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex_robust.c - the robust mutexes a thread holds when it ends
 * (set_robust_list(2); the ABI is in Linux's robust-futex-ABI document).
 *
 * The list is the program's, so it may be anything: each address goes through
 * arch/user.h, and its length is limited.
 */
#include "arch/user.h"
#include "core/futex.h"
#include "core/thread.h"
#include "halvm/abi/futex.h"

#define ROBUST_MAX 2048 /* as in Linux */
#define PI_BIT 1UL

/*
 * The owner of the mutex at `entry` has died: who locks it next learns that.
 * False: the address is wrong.
 */
static bool owner_died(const struct thread *t, uint64_t entry, int64_t offset,
		       bool pending)
{
	uint64_t at = (entry & ~PI_BIT) + (uint64_t)offset;
	uint32_t *word = (uint32_t *)at;
	uint32_t value, seen;

	if (at % sizeof *word || user_load32(word, &value) < 0)
		return false;
	/*
	 * It had unlocked it but not yet woken the next: a wake too many
	 * does no harm.
	 */
	if (pending && !(entry & PI_BIT) && value == 0)
		futex_wake(word, 1, FUTEX_ANY);
	while ((value & ABI_FUTEX_TID_MASK) == (uint32_t)t->tid) {
		uint32_t dead =
		    (value & ABI_FUTEX_WAITERS) | ABI_FUTEX_OWNER_DIED;

		seen = value;
		if (user_exchange32(word, &seen, dead) < 0)
			return false;
		if (seen == value) {
			if (!(entry & PI_BIT) && (value & ABI_FUTEX_WAITERS))
				futex_wake(word, 1, FUTEX_ANY);
			break;
		}
		value = seen;
	}
	return true;
}

void futex_end_robust(struct thread *t)
{
	struct abi_robust_list_head head;
	const struct abi_robust_list_head *list = t->robust_list;
	uint64_t entry, next;

	if (!list || user_read(&head, list, sizeof head) < 0)
		return;
	t->robust_list = NULL;
	entry = head.next;
	for (unsigned i = 0; i < ROBUST_MAX; i++) {
		if ((entry & ~PI_BIT) == (uintptr_t)list)
			break;
		/* Before the mutex is free: another may take it at once. */
		if (user_read(&next, (void *)(entry & ~PI_BIT), sizeof next) <
		    0)
			break;
		if (entry != head.pending &&
		    !owner_died(t, entry, head.offset, false))
			break;
		entry = next;
	}
	if (head.pending)
		owner_died(t, head.pending, head.offset, true);
}
