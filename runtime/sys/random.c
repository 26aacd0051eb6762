/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * random.c - getrandom(2).
 */
#include <stdbool.h>
#include "arch/user.h"
#include "core/entropy.h"
#include "halvm/abi/process.h"
#include "lib/string.h"
#include "sys/sys.h"

/* In one go; up to that no signal interrupts, as getrandom(2) promises. */
#define CHUNK 256UL
#define SIZE_MAX_RANDOM 0x1ffffffUL
#define FLAGS (ABI_GRND_NONBLOCK | ABI_GRND_RANDOM | ABI_GRND_INSECURE)

SYSCALL_SLEEP3(getrandom, buf, size, flags)
{
	uint8_t bytes[CHUNK];
	size_t left = (size_t)size, done = 0;
	int error = 0;

	if ((flags & ~FLAGS) ||
	    (flags & (ABI_GRND_RANDOM | ABI_GRND_INSECURE)) ==
		(ABI_GRND_RANDOM | ABI_GRND_INSECURE))
		return -EINVAL;
	if (left > SIZE_MAX_RANDOM)
		left = SIZE_MAX_RANDOM;
	while (left && !error) {
		size_t n = left < CHUNK ? left : CHUNK;

		if (done && signal_interrupts())
			break;
		if (flags & ABI_GRND_INSECURE)
			entropy_read_insecure(bytes, n);
		else
			error = entropy_read(bytes, n,
					     !(flags & ABI_GRND_NONBLOCK));
		if (!error)
			error = user_write((uint8_t *)buf + done, bytes, n);
		if (!error) {
			done += n;
			left -= n;
		}
	}
	memset(bytes, 0, sizeof bytes);
	__asm__ volatile("" : : "r"(bytes) : "memory");
	return done ? (long)done : error;
}
