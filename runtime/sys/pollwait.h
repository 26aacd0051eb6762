/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pollwait.h - what the calls that wait for descriptors have in common: times
 * and signal masks.
 */
#ifndef SYS_POLLWAIT_H
#define SYS_POLLWAIT_H

#include <stdint.h>

/*
 * The deadline for a timespec of the program; NULL: never.  A timespec of 0 is
 * deadline 0.  0, -EFAULT, -EINVAL.
 */
int pollwait_deadline(long timespec, uint64_t *deadline);
/* For milliseconds; negative: never. */
uint64_t pollwait_deadline_ms(int ms);
/* Writes what is left till then; unit: ns of the second member (1 or 1000). */
void pollwait_write_left(long timespec, uint64_t deadline, int64_t unit);

/*
 * Replaces the signal mask for the call, if `mask` isn't NULL; size must be
 * that of a sigset.  0, -EFAULT, -EINVAL.
 */
int pollwait_mask(long mask, long size);
/* The call ends with r. */
void pollwait_mask_done(long mask, long r);

#endif
