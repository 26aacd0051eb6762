/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe.c - pipe(2), pipe2(2), and what calls that make two descriptors share.
 */
#include "io/pipe.h"
#include "sys/pair.h"
#include "sys/sys.h"

static long make_pipe(long fds, long flags)
{
	struct file *end[2];
	int error;

	/* Packets (O_DIRECT) aren't offered. */
	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	error = pipe_create((uint32_t)flags, end);
	return error ? error : pair_install(end, (int *)fds, flags & O_CLOEXEC);
}

SYSCALL_SLEEP1(pipe, fds)
{
	return make_pipe(fds, 0);
}

SYSCALL_SLEEP2(pipe2, fds, flags)
{
	return make_pipe(fds, flags);
}
