/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timerfd.h - timers to be read (timerfd_create(2)).
 */
#ifndef IO_TIMERFD_H
#define IO_TIMERFD_H

#include "io/file.h"

/* wall: on the wall clock, else on clock_now.  NULL: no memory. */
struct file *timerfd_new(bool wall, uint32_t flags);

bool timerfd_is(const struct file *f);

/* ns; value is what is left until it expires, 0: disarmed. */
struct timerfd_setting {
	uint64_t interval, value;
};

/*
 * Sets it: value is then with `absolute` a time of its clock.  A read fails
 * with -ECANCELED once after the wall clock was set if `cancel`.
 */
void timerfd_set(struct file *f, const struct timerfd_setting *to,
		 bool absolute, bool cancel);
void timerfd_get(struct file *f, struct timerfd_setting *now);

#endif
