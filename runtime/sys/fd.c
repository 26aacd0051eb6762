/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fd.c - system calls on descriptors as such: close(2), dup(2), fcntl(2),
 * ioctl(2).  Nothing is locked here.
 */
#include "sys/sys.h"
#include "arch/user.h"
#include "halvm/abi/ioctl.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/memfd.h"

/* What F_SETFL may change; O_DIRECT has no meaning and O_ASYNC no sender. */
#define SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | O_ASYNC)

SYSCALL_SLEEP1(close, fd)
{
	return fd_close((int)fd);
}

SYSCALL_SLEEP3(close_range, first, last, how)
{
	if (how & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) ||
	    (unsigned)first > (unsigned)last)
		return -EINVAL;
	fd_close_range((unsigned)first, (unsigned)last,
		       how & CLOSE_RANGE_CLOEXEC);
	return 0;
}

SYSCALL_SLEEP1(dup, fd)
{
	struct file *f = fd_get((int)fd);

	return f ? fd_install(f, 0, false) : -EBADF;
}

SYSCALL_SLEEP2(dup2, from, to)
{
	struct file *f = fd_get((int)from);

	if (!f)
		return -EBADF;
	if ((int)from == (int)to) {
		file_put(f);
		return (int)to;
	}
	return fd_install_at(f, (int)to, false);
}

SYSCALL_SLEEP3(dup3, from, to, how)
{
	struct file *f;

	if (how & ~O_CLOEXEC || (int)from == (int)to)
		return -EINVAL;
	f = fd_get((int)from);
	if (!f)
		return -EBADF;
	return fd_install_at(f, (int)to, how & O_CLOEXEC);
}

/* Sets the flags in `mask` as `value` has them. */
static void change_flags(struct file *f, uint32_t mask, uint32_t value)
{
	uint32_t old = file_flags(f);

	while (!__atomic_compare_exchange_n(
	    &f->flags, &old, (old & ~mask) | (value & mask), false,
	    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* Record locks: the program's struct flock there, and for F_GETLK back. */
static long lock(struct file *f, unsigned request, long argument)
{
	struct abi_flock range;
	long r;

	if (user_read(&range, (const void *)argument, sizeof(range)))
		return -EFAULT;
	r = lock_range(f, (int)request, &range);
	if (!r && (request == F_GETLK || request == F_OFD_GETLK))
		r = user_write((void *)argument, &range, sizeof(range));
	return r;
}

static long control(struct file *f, unsigned request, long argument)
{
	switch (request) {
	case F_SETFL:
		change_flags(f, SETTABLE, (uint32_t)argument);
		return 0;
	case F_SETOWN:
	case F_GETOWN:
	case F_SETSIG:
	case F_GETSIG:
		return 0; /* the one process; SIGIO is never sent */
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return lock(f, request, argument);
	case F_ADD_SEALS:
		return memfd_add_seals(f, (uint32_t)argument);
	case F_GET_SEALS:
		return memfd_get_seals(f);
	case F_GETLEASE:
		return F_UNLCK;
	case F_SETLEASE:
	case F_NOTIFY:
		return -EINVAL;
	}
	if (!f->ops->control)
		return -EINVAL;
	return f->ops->control(f, request, (uintptr_t)argument);
}

SYSCALL_SLEEP3(fcntl, fd, request, argument)
{
	struct file *f;
	long r;

	switch ((unsigned)request) {
	case F_GETFD:
		return fd_cloexec((int)fd);
	case F_SETFD:
		return fd_set_cloexec((int)fd, argument & FD_CLOEXEC);
	}
	f = fd_get((int)fd);
	if (!f)
		return -EBADF;
	switch ((unsigned)request) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return fd_install(f, (int)argument, request == F_DUPFD_CLOEXEC);
	case F_GETFL:
		r = file_flags(f) | O_LARGEFILE;
		break;
	default:
		r = file_flags(f) & O_PATH
			? -EBADF
			: control(f, (unsigned)request, argument);
	}
	file_put(f);
	return r;
}

/* FIONBIO and FIOASYNC: a flag, as the int at `argument` says. */
static long set_flag(struct file *f, uint32_t flag, long argument)
{
	uint32_t on;

	if (user_read(&on, (void *)argument, sizeof(on)))
		return -EFAULT;
	change_flags(f, flag, on ? flag : 0);
	return 0;
}

SYSCALL_SLEEP3(ioctl, fd, request, argument)
{
	struct file *f = fd_get_open((int)fd);
	long r;

	if (!f)
		return -EBADF;
	switch ((unsigned)request) {
	case FIOCLEX:
	case FIONCLEX:
		r = fd_set_cloexec((int)fd, (unsigned)request == FIOCLEX);
		break;
	case FIONBIO:
		r = set_flag(f, O_NONBLOCK, argument);
		break;
	case FIOASYNC:
		r = set_flag(f, O_ASYNC, argument);
		break;
	default:
		r = f->ops->ioctl ? f->ops->ioctl(f, (unsigned)request,
						  (uintptr_t)argument)
				  : -ENOTTY;
	}
	file_put(f);
	return r;
}
