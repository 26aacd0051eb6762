/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_fd.c - system calls on descriptors as such.
 */
#include "provide/provide.h"
#include "halvm/abi/ioctl.h"
#include "provide/files.h"
#include "provide/wrap.h"

/* What F_SETFL may change. */
#define SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | O_ASYNC)

WRAP1(close, fd)
{
	if (provide_hidden(fd))
		return -EBADF;
	provide_set(fd, NULL);
	return target(close, fd);
}

/* The numbers between the hidden ones, which stay open. */
static long close_range_below(unsigned first, unsigned last, long how)
{
	long fd, r = 0;

	while (r == 0 && first <= last) {
		fd = provide_next_slot(first, last);
		while (fd >= 0 && !provide_hidden(fd))
			fd = provide_next_slot(fd + 1, last);
		if (fd < 0)
			return target(close_range, first, last, how);
		if ((unsigned)fd > first)
			r = target(close_range, first, fd - 1, how);
		first = (unsigned)fd + 1;
	}
	return r;
}

WRAP_ALWAYS3(close_range, first, last, how)
{
	unsigned from = (unsigned)first, to = (unsigned)last;
	long fd = from;

	if (how & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) || from > to)
		return -EINVAL;
	while (!(how & CLOSE_RANGE_CLOEXEC) && fd <= to &&
	       (fd = provide_next_slot(fd, to)) >= 0) {
		if (!provide_hidden(fd))
			provide_set(fd, NULL);
		fd++;
	}
	return close_range_below(from, to, how);
}

WRAP1(dup, fd)
{
	struct provide_file *f = provide_get(fd);
	long r;

	if (!f)
		return target(dup, fd);
	r = target(dup, fd);
	return provide_install(r, f);
}

/* f (or NULL), whose reference goes over, is at `to` if r >= 0. */
static long moved(long r, long to, struct provide_file *f)
{
	if (r < 0) {
		provide_put(f);
		return r;
	}
	if (f)
		return provide_install(r, f);
	provide_set(to, NULL);
	return r;
}

WRAP2(dup2, from, to)
{
	if (provide_hidden(to))
		return -EBUSY;
	if ((int)from == (int)to)
		return target(dup2, from, to);
	return moved(target(dup2, from, to), to, provide_get(from));
}

WRAP3(dup3, from, to, how)
{
	if (provide_hidden(to))
		return -EBUSY;
	return moved(target(dup3, from, to, how), to, provide_get(from));
}

static void set_flags(struct provide_file *f, uint32_t mask, uint32_t value)
{
	uint32_t old = provide_flags(f);

	while (!__atomic_compare_exchange_n(
	    &f->flags, &old, (old & ~mask) | (value & mask), false,
	    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static long set_flag(struct provide_file *f, long fd, uint32_t flag,
		     long request, long argument)
{
	long r = target(ioctl, fd, request, argument);

	if (r == 0 && !provide_bad(argument))
		set_flags(f, flag, *(const int *)argument ? flag : 0);
	return r;
}

/* Of files; a socket's flags are its placeholder's. */
static long file_control(struct provide_file *f, long fd, unsigned request,
			 long argument)
{
	if (provide_flags(f) & O_PATH && request != F_GETFL)
		return -EBADF;
	switch (request) {
	case F_GETFL:
		return provide_flags(f);
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return file_lock_range(f, request, argument);
	case F_GETLEASE:
		return F_UNLCK;
	case F_SETLEASE:
	case F_NOTIFY:
	case F_ADD_SEALS:
	case F_GET_SEALS:
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return -EINVAL;
	}
	return target(fcntl, fd, request, argument);
}

static long control(struct provide_file *f, long fd, unsigned request,
		    long argument)
{
	long r;

	if (request == F_SETFL) {
		if (provide_flags(f) & O_PATH)
			return -EBADF;
		/* What the placeholder can't take (O_DIRECT) it needn't. */
		r = target(fcntl, fd, request,
			   argument & (O_APPEND | O_NONBLOCK));
		if (r == 0)
			set_flags(f, SETTABLE, (uint32_t)argument);
		return r;
	}
	if (f->kind == PROVIDE_FILE)
		return file_control(f, fd, request, argument);
	return target(fcntl, fd, request, argument);
}

WRAP3(fcntl, fd, request, argument)
{
	struct provide_file *f = provide_get(fd);
	long r;

	if (!f)
		return target(fcntl, fd, request, argument);
	switch ((unsigned)request) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return provide_duplicate(fd, f, argument,
					 request == F_DUPFD_CLOEXEC);
	case F_GETFD:
	case F_SETFD:
		r = target(fcntl, fd, request, argument);
		break;
	default:
		r = control(f, fd, (unsigned)request, argument);
	}
	provide_put(f);
	return r;
}

/* FIONREAD of a file: what is left of it. */
static long bytes_left(struct provide_file *f, long argument)
{
	struct halvm_file_status s;
	int64_t left;
	long r;

	if (provide_bad(argument))
		return -EFAULT;
	if (!S_ISREG(f->mode))
		return -ENOTTY;
	r = file_status(f, &s);
	if (r)
		return r;
	left =
	    (int64_t)s.size - __atomic_load_n(&f->position, __ATOMIC_RELAXED);
	*(int *)argument = left < 0	      ? 0
			   : left > INT32_MAX ? INT32_MAX
					      : (int)left;
	return 0;
}

WRAP3(ioctl, fd, request, argument)
{
	struct provide_file *f = provide_get(fd);
	long r = -ENOTTY;

	if (!f)
		return target(ioctl, fd, request, argument);
	switch ((unsigned)request) {
	case FIOCLEX:
	case FIONCLEX:
		r = target(ioctl, fd, request, argument);
		break;
	case FIONBIO:
		r = set_flag(f, fd, O_NONBLOCK, request, argument);
		break;
	case FIONREAD:
		if (f->kind == PROVIDE_FILE) {
			r = bytes_left(f, argument);
			break;
		}
		/* fall through */
	default:
		if (f->ops->ioctl)
			r = f->ops->ioctl(f, (unsigned)request, argument);
	}
	provide_put(f);
	return r;
}
