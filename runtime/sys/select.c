/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * select.c - select(2) and pselect6(2), for any number of descriptors.
 *
 * The sets are read and written a word at a time; the entries of poll.h come in
 * the order of the descriptors.
 */
#include "arch/user.h"
#include "core/clock.h"
#include "halvm/abi/poll.h"
#include "io/poll.h"
#include "lib/bits.h"
#include "sys/pollwait.h"
#include "sys/sys.h"

#define WORD_BITS 64

/* What makes a descriptor readable, writable, exceptional: Linux's select.c. */
#define SET_IN (POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR)
#define SET_OUT (POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR)
#define SET_EX POLLPRI

static const uint32_t set_events[3] = {SET_IN, SET_OUT, SET_EX};

struct sets {
	uint64_t *set[3]; /* the program's, or NULL */
	unsigned n;	  /* descriptors */
};

/* The next word of each set, without what is beyond n. */
static int read_words(const struct sets *s, unsigned word, uint64_t bits[3])
{
	unsigned left = s->n - word * WORD_BITS;

	for (unsigned i = 0; i < 3; i++) {
		bits[i] = 0;
		if (s->set[i] &&
		    user_read(&bits[i], s->set[i] + word, sizeof(bits[i])))
			return -EFAULT;
		if (left < WORD_BITS)
			bits[i] &= (1UL << left) - 1;
	}
	return 0;
}

static int add_all(struct poll *p, const struct sets *s)
{
	uint64_t bits[3];

	for (unsigned word = 0; word * WORD_BITS < s->n; word++) {
		uint64_t any;

		if (read_words(s, word, bits))
			return -EFAULT;
		for (any = bits[0] | bits[1] | bits[2]; any; any &= any - 1) {
			unsigned b = (unsigned)__builtin_ctzl(any);
			uint32_t events = 0;
			struct poll_entry *e;

			for (unsigned i = 0; i < 3; i++)
				if (bits[i] >> b & 1)
					events |= set_events[i];
			e = poll_add(p, (int)(word * WORD_BITS + b), events);
			if (!e)
				return -ENOMEM;
			if (!e->file)
				return -EBADF;
		}
	}
	return 0;
}

/* Keeps of each set the bits of what is ready; their number, or -EFAULT. */
static long write_back(struct poll *p, const struct sets *s)
{
	struct poll_entry *e = poll_next(p, NULL);
	uint64_t bits[3], result;
	long n = 0;

	for (unsigned word = 0; word * WORD_BITS < s->n; word++) {
		struct poll_entry *first = e;

		if (read_words(s, word, bits))
			return -EFAULT;
		for (unsigned i = 0; i < 3; i++) {
			result = 0;
			for (e = first;
			     e && (unsigned)e->fd / WORD_BITS == word;
			     e = poll_next(p, e))
				if (e->revents & set_events[i])
					result |= 1UL << e->fd % WORD_BITS;
			result &= bits[i];
			n += bits_count(result);
			if (s->set[i] && user_write(s->set[i] + word, &result,
						    sizeof(result)))
				return -EFAULT;
		}
	}
	return n;
}

static long select_fds(long n, const long set[3], uint64_t deadline)
{
	struct sets s = {
	    .set = {(void *)set[0], (void *)set[1], (void *)set[2]},
	    .n = (unsigned)n,
	};
	struct poll p;
	long r;

	if ((int)n < 0)
		return -EINVAL;
	if (s.n > FD_MAX_DEFAULT)
		s.n = FD_MAX_DEFAULT;
	poll_init(&p);
	r = add_all(&p, &s);
	if (!r)
		r = poll_run(&p, deadline);
	if (r >= 0)
		r = write_back(&p, &s);
	poll_free(&p);
	return r;
}

/* As pollwait_deadline, for a timeval; any number of microseconds is fine. */
static int deadline_of(long timeval, uint64_t *deadline)
{
	struct abi_timeval tv;
	struct abi_timespec ts;
	uint64_t ns;

	*deadline = DEADLINE_NEVER;
	if (!timeval)
		return 0;
	if (user_read(&tv, (const void *)timeval, sizeof(tv)))
		return -EFAULT;
	if (tv.sec < 0 || tv.usec < 0)
		return -EINVAL;
	ts.sec = tv.usec / 1000000;
	if (__builtin_add_overflow(tv.sec, ts.sec, &ts.sec))
		return -EINVAL;
	ts.nsec = tv.usec % 1000000 * 1000;
	if (clock_from_timespec(&ts, &ns))
		return -EINVAL;
	*deadline = ns ? clock_deadline(ns) : 0;
	return 0;
}

SYSCALL_SLEEP5(select, n, in, out, ex, timeval)
{
	const long set[3] = {in, out, ex};
	uint64_t deadline;
	long r = deadline_of(timeval, &deadline);

	if (r)
		return r;
	r = select_fds(n, set, deadline);
	pollwait_write_left(timeval, deadline, 1000);
	return r;
}

/* The last argument points to the mask's address and its size. */
SYSCALL_SLEEP6(pselect6, n, in, out, ex, timespec, mask_at)
{
	const long set[3] = {in, out, ex};
	long mask[2] = {0, 0};
	uint64_t deadline;
	long r;

	if (mask_at && user_read(mask, (const void *)mask_at, sizeof(mask)))
		return -EFAULT;
	r = pollwait_deadline(timespec, &deadline);
	if (!r)
		r = pollwait_mask(mask[0], mask[1]);
	if (r)
		return r;
	r = select_fds(n, set, deadline);
	pollwait_mask_done(mask[0], r);
	pollwait_write_left(timespec, deadline, 1);
	return r;
}
