/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * entropy.h - random numbers for keys: ChaCha20 over a pool.
 */
#ifndef CORE_ENTROPY_H
#define CORE_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/* Start: boot information, clocks and, where there is one, RDSEED. */
void entropy_init(void);
/* More, credited with `bits` of entropy (0: only mixed in).  Any context. */
void entropy_add(const void *data, size_t n, unsigned bits);
bool entropy_ready(void);
/*
 * n random bytes into a buffer of the runtime's.  Until the pool has 256 bits:
 * -EAGAIN without `wait`, else sleeps: 0 or -ERESTARTSYS.
 */
int entropy_read(void *buf, size_t n, bool wait);
/* The same without the promise (AT_RANDOM, GRND_INSECURE). */
void entropy_read_insecure(void *buf, size_t n);
/* A device that has more (virtio-rng): asked while somebody waits. */
void entropy_set_source(void (*request)(void));

#endif
