/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/futex.h - futex(2) and robust lists: Linux on x86-64
 * (linux/futex.h).
 */
#ifndef HALVM_ABI_FUTEX_H
#define HALVM_ABI_FUTEX_H

#include <stdint.h>

enum {
	ABI_FUTEX_WAIT = 0,
	ABI_FUTEX_WAKE = 1,
	ABI_FUTEX_FD = 2,
	ABI_FUTEX_REQUEUE = 3,
	ABI_FUTEX_CMP_REQUEUE = 4,
	ABI_FUTEX_WAKE_OP = 5,
	ABI_FUTEX_LOCK_PI = 6,
	ABI_FUTEX_UNLOCK_PI = 7,
	ABI_FUTEX_TRYLOCK_PI = 8,
	ABI_FUTEX_WAIT_BITSET = 9,
	ABI_FUTEX_WAKE_BITSET = 10,
	ABI_FUTEX_WAIT_REQUEUE_PI = 11,
	ABI_FUTEX_CMP_REQUEUE_PI = 12,
	ABI_FUTEX_PRIVATE = 128,
	ABI_FUTEX_CLOCK_REALTIME = 256,
};

/* FUTEX_WAKE_OP's last argument: op 4 bits, cmp 4, oparg 12, cmparg 12. */
enum {
	ABI_FUTEX_OP_SET = 0,
	ABI_FUTEX_OP_ADD = 1,
	ABI_FUTEX_OP_OR = 2,
	ABI_FUTEX_OP_ANDN = 3,
	ABI_FUTEX_OP_XOR = 4,
	ABI_FUTEX_OP_ARG_SHIFT = 8, /* oparg is a number of bits to shift 1 */
	ABI_FUTEX_OP_CMP_EQ = 0,
	ABI_FUTEX_OP_CMP_NE = 1,
	ABI_FUTEX_OP_CMP_LT = 2,
	ABI_FUTEX_OP_CMP_LE = 3,
	ABI_FUTEX_OP_CMP_GT = 4,
	ABI_FUTEX_OP_CMP_GE = 5,
};

/* The word of a robust mutex. */
#define ABI_FUTEX_WAITERS 0x80000000u
#define ABI_FUTEX_OWNER_DIED 0x40000000u
#define ABI_FUTEX_TID_MASK 0x3fffffffu

/* Bit 0 of `next` and `pending` says that the mutex is one of PI. */
struct abi_robust_list_head {
	uint64_t next;	  /* a struct that begins with the next one's address */
	int64_t offset;	  /* from there to the futex word */
	uint64_t pending; /* one that is being locked or unlocked, or 0 */
};

#endif
