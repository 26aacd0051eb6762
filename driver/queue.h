/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that wait for a descriptor to take them. {0} is an empty queue. */
#ifndef HALVM_DRIVER_QUEUE_H
#define HALVM_DRIVER_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue {
	char *data;
	size_t at, end, cap; /* what waits is at data[at] to data[end - 1] */
};

void queue_add(struct queue *q, const void *data, size_t n);

static inline size_t queue_left(const struct queue *q)
{
	return q->end - q->at;
}

/*
 * Gives the descriptor a piece, small enough that a pipe with POLLOUT takes it
 * without a wait. False if nobody will ever take it; errno says why.
 */
bool queue_write(struct queue *q, int fd);

void queue_free(struct queue *q);

#endif
