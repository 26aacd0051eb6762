/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stream.c - see stream.h; and what is ready, from all providers.
 */
#include "provide/provide.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/signal.h"
#include "halvm/abi/time.h"

#define NS_PER_SEC 1000000000L

static int64_t now(void)
{
	struct abi_timespec t = {0, 0};

	target(clock_gettime, ABI_CLOCK_MONOTONIC, (long)&t);
	return t.sec * NS_PER_SEC + t.nsec;
}

int64_t stream_deadline(int64_t timeout)
{
	int64_t end;

	if (!timeout || __builtin_add_overflow(now(), timeout, &end))
		return STREAM_NEVER;
	return end;
}

bool stream_late(int64_t deadline)
{
	return deadline != STREAM_NEVER && now() >= deadline;
}

/* On the placeholder; its twin, as the program's end may be closed. */
static long poll_placeholder(struct provide_file *f, unsigned events,
			     int64_t timeout)
{
	struct abi_pollfd p = {f->stream.ready.twin, (int16_t)events, 0};
	struct abi_timespec t = {timeout / NS_PER_SEC, timeout % NS_PER_SEC};
	long r = target(ppoll, (long)&p, 1, timeout < 0 ? 0 : (long)&t, 0, 8);

	return r > 0 ? p.revents : r;
}

long stream_wait(struct provide_file *f, stream_wait_function *wait,
		 unsigned events, int64_t deadline)
{
	int64_t left = -1;
	long r;

	if (deadline != STREAM_NEVER) {
		left = deadline - now();
		if (left <= 0)
			return -EAGAIN;
	}
	r = wait ? wait(f, events, left) : poll_placeholder(f, events, left);
	return r < 0 ? stream_result(r, 0) : 0;
}

long stream_result(long r, size_t n)
{
	if (r < -4095)
		return -EIO;
	return r > 0 && (size_t)r > n ? (long)n : r;
}

long stream_broken(void)
{
	target(tkill, target(gettid), ABI_SIGPIPE);
	return -EPIPE;
}

void halvm_provider_ready(enum halvm_provider_kind kind, halvm_handle h,
			  unsigned events)
{
	enum provide_kind of = PROVIDE_SOCKET;
	struct provide_file *f;
	uint32_t at = 0;
	uint64_t seen;

	if (kind == HALVM_CONSOLE) {
		/* Its handles begin with 0; those of descriptions don't. */
		of = PROVIDE_CONSOLE;
		h++;
	} else if (kind != HALVM_NETWORK) {
		return;
	}
	while (h && (f = provide_look(of, h, &at)) != NULL) {
		seen = ready_seen(&f->stream.ready);
		/* Once more: now `seen` is of the one with this handle. */
		if (__atomic_load_n(&f->handle, __ATOMIC_ACQUIRE) == h &&
		    f->kind == of &&
		    ready_tell_seen(&f->stream.ready, events, seen))
			return;
	}
}
