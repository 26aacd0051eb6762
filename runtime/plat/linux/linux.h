/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * linux.h - names the sources of the linux runtime share.
 *
 * They begin with linux_ and are made local when the runtime object is
 * joined: outside it only halvm_* and _start exist.
 */
#ifndef LINUX_H
#define LINUX_H

#include <stdbool.h>

typedef long linux_clock_fn(long clock, long timespec);

/* start.c; the stubs read it.  Set once, before libc starts. */
extern bool linux_strict;

/* start.c; the vDSO's function or the plain call below. */
extern linux_clock_fn *linux_clock_gettime;

/* special.S */
linux_clock_fn linux_clock_gettime_call;

/* vdso.c: the clock_gettime of the vDSO mapped at `base`, or a null pointer
 * when base is 0 or there is none. */
linux_clock_fn *linux_vdso_clock(unsigned long base);

/* start.c; entry.S calls it. */
_Noreturn void linux_start(long *block);

#endif
