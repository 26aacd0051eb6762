/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rt_io.h - what the tests of descriptors have in common: the system calls they
 * make, and threads that help.
 */
#ifndef TEST_RT_IO_H
#define TEST_RT_IO_H

#include "check.h"
#include "core/clock.h"
#include "core/signal.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/poll.h"
#include "halvm/syscalls.h"
#include "host.h"

#define MS 1000000UL

#define sys(name, ...) halvm_syscall_##name(__VA_ARGS__)

static inline long sys_read(long fd, void *buf, size_t n)
{
	return sys(read, fd, (long)buf, (long)n);
}

static inline long sys_write(long fd, const void *buf, size_t n)
{
	return sys(write, fd, (long)buf, (long)n);
}

/* The events of POLL* that fd has now, of all. */
static inline uint32_t sys_ready(int fd)
{
	struct abi_pollfd p = {fd, 0x3fff, 0};
	long r = sys(poll, (long)&p, 1, 0);

	return r < 0 ? 0xffffffff : (uint16_t)p.revents;
}

/* Lets the others run for so long. */
static inline void pause_for(uint64_t ns)
{
	uint64_t end = clock_now() + ns;

	while (thread_sleep(end, 0) == 0)
		;
}

/* A thread that makes one call: result is BUSY till it returns. */
#define BUSY 0x7eadbeef
struct helper {
	long (*fn)(struct helper *h);
	long fd, size;
	void *buf;
	volatile long result;
	struct thread *thread;
};

static inline void helper_run(void *argument)
{
	struct helper *h = argument;

	h->result = h->fn(h);
	h->thread = NULL;
	thread_exit(0, 0, 0);
}

/* Runs it until it waits. */
static inline void helper_start(struct helper *h)
{
	h->result = BUSY;
	h->thread = host_thread(helper_run, h);
	pause_for(MS);
}

static inline long helper_read(struct helper *h)
{
	return sys_read(h->fd, h->buf, (size_t)h->size);
}

static inline long helper_write(struct helper *h)
{
	return sys_write(h->fd, h->buf, (size_t)h->size);
}

#endif
