/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/pvclock.h - the clock that Xen and KVM share with their guests: how the
 * TSC becomes nanoseconds since some moment (Linux
 * Documentation/virt/kvm/x86/msr.rst, MSR_KVM_SYSTEM_TIME_NEW; Xen
 * public/xen.h, struct vcpu_time_info).  The host may change it at any time.
 */
#ifndef ARCH_PVCLOCK_H
#define ARCH_PVCLOCK_H

#include <stdint.h>

struct pvclock_time {
	uint32_t version, pad0; /* version: odd while it changes */
	uint64_t tsc, ns;	/* the same moment */
	uint32_t factor;	/* ns per shifted tick, times 2^32 */
	int8_t shift;
	uint8_t flags, pad[2];
} __attribute__((__packed__));

struct pvclock_wall {
	uint32_t version, seconds, nanoseconds;
} __attribute__((__packed__));

/*
 * Nanoseconds by *time, never less than what was returned for the same *last
 * (a word of the caller's, 0 at first), on no CPU.
 */
uint64_t pvclock_read(const volatile struct pvclock_time *time, uint64_t *last);

/* Nanoseconds from 1970-01-01 UTC to that clock's 0. */
uint64_t pvclock_wall(const volatile struct pvclock_wall *wall);

#endif
