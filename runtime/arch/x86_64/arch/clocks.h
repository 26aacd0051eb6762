/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/clocks.h - the clocks of a PC: the TSC and what tells its rate, the PIT,
 * the CMOS clock.
 */
#ifndef ARCH_CLOCKS_H
#define ARCH_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The 8254's channel 2 as a free running counter (Intel 8254 data sheet, mode
 * 2): counts down from 65536 at PIT_HZ, over and over.
 */
#define PIT_HZ 1193182
void pit_start(void);
uint16_t pit_read(void);

/* Seconds since 1970 of the CMOS clock (MC146818A), taken as UTC. */
uint64_t rtc_read(void);

/*
 * A clock of nanoseconds from the TSC.  Its rate is hz, or if that is 0 what
 * CPUID tells, or is measured against the PIT while time goes by: the longer,
 * the better.  No waiting at boot; a change of the rate never makes the time
 * jump.
 */
void tsc_start(uint64_t entry_tsc, uint64_t hz);
/* The rate that CPUID tells (leaf 0x15, or a hypervisor's), 0 if none. */
uint64_t tsc_cpuid_rate(void);
uint64_t tsc_clock(void);

#endif
