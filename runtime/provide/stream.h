/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stream.h - what console.c and socket*.c have in common: descriptions that are
 * waited for.
 */
#ifndef PROVIDE_STREAM_H
#define PROVIDE_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include "provide/ready.h"

/* Part of struct provide_file; all zero at first. */
struct provide_stream {
	struct ready ready;
	uint32_t state; /* atomic: SOCKET_* and CONSOLE_* */
	uint32_t kept;	/* atomic: options that the provider doesn't know */
	int32_t family, type, protocol;
	/* ns; 0: none.  Atomic. */
	int64_t receive_timeout, send_timeout;
};

struct provide_file;

#define STREAM_EVERY (POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP)

/* A moment, in ns of the monotonic clock, or no end. */
#define STREAM_NEVER INT64_MAX
/* So long from now; timeout as in struct provide_stream. */
int64_t stream_deadline(int64_t timeout);
bool stream_late(int64_t deadline);

/* A provider's `wait` for f; NULL: the placeholder is waited for. */
typedef long stream_wait_function(struct provide_file *f, unsigned events,
				  int64_t timeout);
/*
 * Till one of the events holds: 0.  -EAGAIN at the deadline, -EINTR and other
 * errors of the provider's.
 */
long stream_wait(struct provide_file *f, stream_wait_function *wait,
		 unsigned events, int64_t deadline);

/*
 * What a provider returned, made fit: an error is one, a count at most n.
 */
long stream_result(long r, size_t n);

/* The signal SIGPIPE to this thread; returns -EPIPE. */
long stream_broken(void);

#endif
