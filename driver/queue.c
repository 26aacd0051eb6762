/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that wait: see queue.h. */
#include "config.h"
#include "queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

/* POSIX: a pipe with POLLOUT has room for PIPE_BUF. */
enum { PIECE = 4096 };

static void make_room(struct queue *q, size_t n)
{
	if (q->cap - q->end >= n)
		return;
	if (q->at > 0) {
		memmove(q->data, q->data + q->at, queue_left(q));
		q->end -= q->at;
		q->at = 0;
	}
	if (q->cap - q->end >= n)
		return;
	q->cap = 2 * q->cap > q->end + n ? 2 * q->cap : q->end + n;
	q->data = xrealloc(q->data, q->cap);
}

void queue_add(struct queue *q, const void *data, size_t n)
{
	if (n == 0)
		return;
	make_room(q, n);
	memcpy(q->data + q->end, data, n);
	q->end += n;
}

bool queue_write(struct queue *q, int fd)
{
	size_t n = queue_left(q) < PIECE ? queue_left(q) : PIECE;
	ssize_t put;

	if (n == 0)
		return true;
	put = write(fd, q->data + q->at, n);
	if (put < 0)
		return errno == EAGAIN || errno == EINTR;
	q->at += (size_t)put;
	if (q->at == q->end)
		q->at = q->end = 0;
	return true;
}

void queue_free(struct queue *q)
{
	free(q->data);
	*q = (struct queue){0};
}
