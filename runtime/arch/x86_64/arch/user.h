/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/user.h - memory of the program, whose pointers may be wrong.
 *
 * These page in what is absent, and return -EFAULT where an access would
 * fault; part of the range may have been copied then.  An address above
 * USER_END is -EFAULT too.  Not in interrupt handlers, nor under the lock of
 * the address space or what comes after it.
 */
#ifndef ARCH_USER_H
#define ARCH_USER_H

#include <stddef.h>
#include <stdint.h>

int user_read(void *to, const void *from_user, size_t n);
int user_write(void *to_user, const void *from, size_t n);
int user_zero(void *to_user, size_t n);

/*
 * Copies a string of at most size - 1 bytes with its NUL; returns its length,
 * -EFAULT, or -ENAMETOOLONG if there was no NUL.
 */
long user_read_string(char *to, const char *from_user, size_t size);

/* One aligned word each, as one access. */
int user_load32(const uint32_t *from_user, uint32_t *value);
int user_store32(uint32_t *to_user, uint32_t value);
/* Stores `desired` if *at is *expected; *expected gets what was there. */
int user_exchange32(uint32_t *at_user, uint32_t *expected, uint32_t desired);

#endif
