/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * eventfd.h - a counter to wait for (eventfd(2)).
 */
#ifndef IO_EVENTFD_H
#define IO_EVENTFD_H

#include "io/file.h"

/* flags: O_NONBLOCK.  NULL: no memory. */
struct file *eventfd_new(uint32_t count, bool semaphore, uint32_t flags);

#endif
