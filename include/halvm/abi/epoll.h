/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/epoll.h - epoll, eventfd and timerfd, as in Linux on x86-64
 * (linux/eventpoll.h, linux/eventfd.h, linux/timerfd.h).
 */
#ifndef HALVM_ABI_EPOLL_H
#define HALVM_ABI_EPOLL_H

#include <stdint.h>

#define EPOLL_CLOEXEC 02000000

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

/* Beside POLL*. */
#define EPOLLEXCLUSIVE (1U << 28)
#define EPOLLWAKEUP (1U << 29)
#define EPOLLONESHOT (1U << 30)
#define EPOLLET (1U << 31)

/* 12 bytes: packed on x86-64 for the sake of 32-bit programs. */
struct abi_epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((__packed__));

_Static_assert(sizeof(struct abi_epoll_event) == 12, "struct epoll_event");

#define EFD_SEMAPHORE 1
#define EFD_NONBLOCK 04000
#define EFD_CLOEXEC 02000000

#define TFD_NONBLOCK 04000
#define TFD_CLOEXEC 02000000
#define TFD_TIMER_ABSTIME 1
#define TFD_TIMER_CANCEL_ON_SET 2

#endif
