/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * limits.h - resource limits of the process (getrlimit(2)).
 *
 * They are kept for the program to read back; who enforces one asks for it or
 * is told by sys.
 */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "halvm/abi/process.h"

/*
 * The limit of a resource (ABI_RLIMIT_*), before `new` (or NULL) is set.  0,
 * or -EINVAL: no such resource, or cur above max.  Any context.
 */
int limits_change(unsigned resource, const struct abi_rlimit *new,
		  struct abi_rlimit *old);

#endif
