/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex.h - waiting for the change of a word of the program (futex(2)).
 */
#ifndef CORE_FUTEX_H
#define CORE_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

#define FUTEX_ANY UINT32_MAX /* bitset */

/*
 * Sleeps if *word is `value`.  0 woken, -EAGAIN (another value), -ETIMEDOUT,
 * -ERESTARTSYS (a signal), -EFAULT, -EINVAL (unaligned, bitset 0).
 */
int futex_wait(uint32_t *word, uint32_t value, uint64_t deadline,
	       uint32_t bitset);
/* Wakes at most max; returns how many, or -EINVAL. */
int futex_wake(uint32_t *word, unsigned max, uint32_t bitset);
/*
 * Wakes at most `wake` and moves at most `move` others to wait for *to.  With
 * `expected` not NULL: -EAGAIN if *word isn't *expected.  The number woken,
 * with `expected` of woken and moved.
 */
int futex_requeue(uint32_t *word, unsigned wake, unsigned move, uint32_t *to,
		  const uint32_t *expected);

/*
 * FUTEX_WAKE_OP: changes *word2 by `operation`, the call's last argument; wakes
 * at most max waiters of word and, if the old value fulfils the operation's
 * condition, max2 of word2.  The number woken, -EFAULT, -EINVAL, or -ENOSYS (no
 * such operation).
 */
int futex_wake_op(uint32_t *word, unsigned max, uint32_t *word2, unsigned max2,
		  uint32_t operation);

/* At the end of t, the caller: its robust list (set_robust_list(2)). */
struct thread;
void futex_end_robust(struct thread *t);

#endif
