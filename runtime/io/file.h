/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file.h - open files: what a descriptor stands for.
 *
 * A file is made by its kind (pipe.c, ramfs.c, tty.c ...) around an ops table,
 * and lives while it has references: each descriptor is one, a call that uses
 * it holds another.  Buffers are the program's (struct uio); ops return counts
 * or -errno, may sleep, and return -ERESTARTSYS or -EINTR for a signal.
 */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/wait.h"
#include "halvm/abi/fcntl.h"

struct abi_iovec {
	void *base;
	size_t size;
};

/* Where in the program's memory data comes from or goes to. */
struct uio {
	const struct abi_iovec *vec; /* a copy of the runtime's */
	unsigned count;
	size_t done_in_first; /* bytes of vec[0] already used */
	size_t left;	      /* bytes in all */
};

/* Both advance; n <= left.  0 or -EFAULT. */
int uio_write(struct uio *to, const void *from, size_t n);
int uio_read(void *to, struct uio *from, size_t n);
int uio_write_zeros(struct uio *to, size_t n);

struct file;
struct abi_stat;
struct abi_statfs;
struct directory_sink;

struct file_ops {
	/*
	 * *pos is the place in a file that has one, to be advanced; NULL for
	 * files without (pipes).  O_NONBLOCK in f->flags means -EAGAIN.
	 */
	long (*read)(struct file *f, struct uio *to, uint64_t *pos);
	long (*write)(struct file *f, struct uio *from, uint64_t *pos);
	/* POLL* of poll.h that hold now; f->poll_queue is woken on change. */
	uint32_t (*poll)(struct file *f);
	/* -ENOTTY for what it doesn't know.  argument: a user pointer mostly */
	long (*ioctl)(struct file *f, unsigned long request, uintptr_t argument);
	long (*seek)(struct file *f, int64_t offset, int whence);
	int (*stat)(struct file *f, struct abi_stat *st);
	int (*truncate)(struct file *f, uint64_t size);
	int (*sync)(struct file *f);
	/* Entries from *pos on, until the sink is full. */
	int (*list)(struct file *f, uint64_t *pos, struct directory_sink *sink);
	/* The last reference has gone. */
	void (*release)(struct file *f);
};

struct file {
	const struct file_ops *ops; /* a missing function: -EINVAL or such */
	uint32_t references;
	uint32_t flags;		       /* O_*, F_SETFL changes some */
	struct mutex pos_lock;	       /* guards pos */
	uint64_t pos;		       /* if has_pos */
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
void file_put(struct file *f);

/* --- descriptors (fdtable.c); O_CLOEXEC is kept, and means nothing --- */

#define FD_MAX_DEFAULT 65536

/* The lowest free descriptor >= lowest; takes the caller's reference. */
int fd_install(struct file *f, int lowest, bool cloexec);
/* At just this descriptor, closing what was there. */
int fd_install_at(struct file *f, int fd, bool cloexec);
/* A reference for the caller, or NULL (-EBADF). */
struct file *fd_get(int fd);
int fd_close(int fd);

#endif
