/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file.h - open files: what a descriptor stands for.
 *
 * A file is made by its kind (pipe.c, ramfs.c, tty.c ...) around an ops table,
 * and lives while it has references: each descriptor is one, a call that uses
 * it holds another.  Buffers are the program's (struct uio); ops return counts
 * or -errno, may sleep, and return -ERESTARTSYS or -EINTR for a signal.
 *
 * Locks: `references` and `flags` are atomic, `pos` is guarded by pos_lock,
 * `watchers` belongs to epoll.c, the rest never changes.  The table of
 * descriptors has a spin lock of its own (an io lock of the order), under
 * which no function of a file is called.
 */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/wait.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/uio.h"

/*
 * Where in memory data comes from or goes to: the program's, whose pointers may
 * be wrong, or with `kernel` the runtime's own.
 */
struct uio {
	const struct abi_iovec *vec; /* a copy of the runtime's */
	unsigned count;
	size_t done_in_first; /* bytes of vec[0] already used */
	size_t left;	      /* bytes in all */
	bool kernel;
};

/*
 * Both advance; n <= left.  0 or -EFAULT, and then nothing has advanced but
 * part may have been copied.
 */
int uio_write(struct uio *to, const void *from, size_t n);
int uio_read(void *to, struct uio *from, size_t n);
int uio_write_zeros(struct uio *to, size_t n);
/* One buffer of the runtime's own; vec is the caller's, to be filled. */
void uio_init_kernel(struct uio *u, struct abi_iovec *vec, void *buf, size_t n);

struct file;
struct abi_stat;
struct abi_statfs;
struct directory_sink;
struct socket_ops;

struct file_ops {
	/*
	 * *pos is the place in a file that has one, to be advanced; NULL for
	 * files without (pipes).  O_NONBLOCK in f->flags means -EAGAIN.  to is
	 * never empty: a read of nothing ends before.
	 */
	long (*read)(struct file *f, struct uio *to, uint64_t *pos);
	long (*write)(struct file *f, struct uio *from, uint64_t *pos);
	/*
	 * POLL* of poll.h that hold now; f->poll_queue is woken on change (by
	 * file_wake).  Missing: always readable and writable, and epoll refuses
	 * it, as for files on a disk.
	 */
	uint32_t (*poll)(struct file *f);
	/* -ENOTTY for what it doesn't know.  argument: a user pointer mostly */
	long (*ioctl)(struct file *f, unsigned long request,
		      uintptr_t argument);
	/*
	 * fcntl's requests about the thing itself: record locks, pipe size,
	 * seals; -EINVAL for what it doesn't know.
	 */
	long (*control)(struct file *f, unsigned request, uintptr_t argument);
	long (*seek)(struct file *f, int64_t offset, int whence);
	int (*stat)(struct file *f, struct abi_stat *st);
	int (*truncate)(struct file *f, uint64_t size);
	int (*sync)(struct file *f);
	/* Entries from *pos on, until the sink is full. */
	int (*list)(struct file *f, uint64_t *pos, struct directory_sink *sink);
	/* A descriptor of it is closed; others may be left (record locks). */
	void (*close)(struct file *f);
	/* The last reference has gone. */
	void (*release)(struct file *f);
	/* It is a socket (socket.h), or NULL. */
	const struct socket_ops *socket;
};

struct file {
	const struct file_ops *ops; /* a missing function: -EINVAL or such */
	uint32_t references;
	uint32_t flags;	       /* O_*, F_SETFL changes some */
	struct mutex pos_lock; /* guards pos */
	uint64_t pos;	       /* if has_pos */
	bool has_pos;
	struct wait_queue *poll_queue; /* NULL: its readiness never changes */
	struct list watchers;	       /* epoll's entries for this file */
	struct inode *inode;	       /* of the VFS, or NULL */
	void *data;		       /* the kind's own */
};

/* One reference, for the caller.  NULL: no memory. */
struct file *file_create(const struct file_ops *ops, void *data,
			 uint32_t flags);
void file_get(struct file *f);
/* May sleep if it was the last. */
void file_put(struct file *f);

/*
 * For file_ops.seek: the new place is base + offset.  -EOVERFLOW, -EINVAL
 * (negative).  file_seek_from knows SEEK_SET and SEEK_CUR only.
 */
long file_seek_to(struct file *f, int64_t base, int64_t offset);
long file_seek_from(struct file *f, int64_t offset, int whence);

static inline uint32_t file_flags(const struct file *f)
{
	return __atomic_load_n(&f->flags, __ATOMIC_RELAXED);
}

/* Opened for it. */
bool file_can_read(const struct file *f);
bool file_can_write(const struct file *f);

/* What it is ready for now: POLL*. */
uint32_t file_poll(struct file *f);

/*
 * Tells all who wait for one of `events` (POLL*) on a file's poll queue.  Any
 * context.
 */
static inline void file_wake(struct wait_queue *q, uint32_t events)
{
	wait_wake(q, WAIT_ALL, events);
}

/*
 * A read or write like the system call's, with the place locked.  `at` NULL:
 * the file's own place, else that place (-ESPIPE if it has none).
 */
long file_read(struct file *f, struct uio *to, uint64_t *at);
long file_write(struct file *f, struct uio *from, uint64_t *at);

/* epoll.c's: the last reference to a watched file has gone. */
extern void (*file_unwatch)(struct file *f);

/* --- descriptors (fdtable.c); O_CLOEXEC is kept, and means nothing --- */

#define FD_MAX_DEFAULT 65536

/*
 * The lowest free descriptor >= lowest, or -EMFILE, -EINVAL (lowest), -ENOMEM.
 * Takes the caller's reference, also when it fails.  f is not NULL.
 */
int fd_install(struct file *f, int lowest, bool cloexec);
/* At just this descriptor, closing what was there.  -EBADF, -EBUSY, -ENOMEM. */
int fd_install_at(struct file *f, int fd, bool cloexec);
/* A reference for the caller, or NULL (-EBADF). */
struct file *fd_get(int fd);
/* The same without O_PATH's, which can't be read, written or controlled. */
struct file *fd_get_open(int fd);
/* 0 or -EBADF; the descriptor is free when it returns, whatever it says. */
int fd_close(int fd);

/*
 * A number for a file that doesn't exist yet: to be filled, taking the
 * reference, or given back.  Till then it is -EBADF to everybody.
 */
int fd_reserve(int lowest);
void fd_fill(int fd, struct file *f, bool cloexec);
void fd_unreserve(int fd);

/* FD_CLOEXEC.  -EBADF */
int fd_cloexec(int fd);
int fd_set_cloexec(int fd, bool on);

/* Closes, or marks close-on-exec, all in [first, last]. */
void fd_close_range(unsigned first, unsigned last, bool only_mark);

/* The next open descriptor >= fd, or -1 (/proc/self/fd). */
int fd_next(int fd);

/* RLIMIT_NOFILE's soft limit: descriptors are below it. */
unsigned fd_limit(void);
void fd_set_limit(unsigned limit);

#endif
