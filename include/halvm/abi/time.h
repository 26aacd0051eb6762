/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/time.h - clocks and times as libc sees them: Linux on x86-64
 * (linux/time.h, linux/time_types.h, linux/timex.h, linux/times.h).
 */
#ifndef HALVM_ABI_TIME_H
#define HALVM_ABI_TIME_H

#include <stdint.h>

struct abi_timespec {
	int64_t sec, nsec;
};

struct abi_timeval {
	int64_t sec, usec;
};

struct abi_itimerspec {
	struct abi_timespec interval, value;
};

struct abi_itimerval {
	struct abi_timeval interval, value;
};

struct abi_timezone {
	int32_t minuteswest, dsttime;
};

/* times(2), in units of 1 / ABI_CLK_TCK s */
#define ABI_CLK_TCK 100
struct abi_tms {
	int64_t utime, stime, cutime, cstime;
};

enum {
	ABI_CLOCK_REALTIME = 0,
	ABI_CLOCK_MONOTONIC = 1,
	ABI_CLOCK_PROCESS_CPUTIME_ID = 2,
	ABI_CLOCK_THREAD_CPUTIME_ID = 3,
	ABI_CLOCK_MONOTONIC_RAW = 4,
	ABI_CLOCK_REALTIME_COARSE = 5,
	ABI_CLOCK_MONOTONIC_COARSE = 6,
	ABI_CLOCK_BOOTTIME = 7,
	ABI_CLOCK_REALTIME_ALARM = 8,
	ABI_CLOCK_BOOTTIME_ALARM = 9,
	ABI_CLOCK_TAI = 11,
};

/*
 * Clocks of a process's or thread's CPU time have negative numbers:
 * ~id << 3, and these bits (clock_getcpuclockid(3), pthread_getcpuclockid(3)).
 */
enum {
	ABI_CPUCLOCK_KIND = 3, /* mask: PROF 0, VIRT 1, SCHED 2 */
	ABI_CPUCLOCK_SCHED = 2,
	ABI_CPUCLOCK_THREAD = 4,
	ABI_CPUCLOCK_ID_SHIFT = 3,
};

#define ABI_TIMER_ABSTIME 1

/* adjtimex(2) */
struct abi_timex {
	uint32_t modes, pad1_;
	int64_t offset, freq, maxerror, esterror;
	int32_t status, pad2_;
	int64_t constant, precision, tolerance;
	struct abi_timeval time;
	int64_t tick, ppsfreq, jitter;
	int32_t shift, pad3_;
	int64_t stabil, jitcnt, calcnt, errcnt, stbcnt;
	int32_t tai, pad4_[11];
};

_Static_assert(sizeof(struct abi_timex) == 208, "struct timex");

#define ABI_STA_UNSYNC 0x40
#define ABI_STA_NANO 0x2000
#define ABI_TIME_ERROR 5
#define ABI_MAXERROR 16000000 /* us: NTP_PHASE_LIMIT */
/* adjtime(3)'s question, which changes nothing. */
#define ABI_ADJ_OFFSET_SS_READ 0xa001

#endif
