/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * inode.h - files as a file system keeps them, and what it offers to the VFS.
 *
 * An inode lives while it has references: each name of it is one, each open
 * file, each walk that holds it.  A file system makes one with inode_init
 * inside a structure of its own.  There is never more than one inode object
 * for a file that can be locked, bound or mounted on.
 *
 * Locks: fs->tree (a sleeping mutex, outermost) guards names: entries, link
 * counts, parents.  inode->lock, taken after it, guards mode, owners, size and
 * content.  Times are single words, stored atomically.
 */
#ifndef IO_INODE_H
#define IO_INODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch/page.h"
#include "core/wait.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/stat.h"
#include "halvm/abi/statfs.h"
#include "lib/list.h"

#define VFS_NAME_MAX 255  /* NAME_MAX: bytes of a component */
#define VFS_PATH_MAX 4096 /* PATH_MAX: with the NUL */
#define VFS_SIZE_MAX INT64_MAX

struct file;
struct inode;

/* One component of a path; not NUL-terminated. */
struct vfs_name {
	const char *text;
	size_t length;
};

/* What a new inode shall be. */
struct vfs_new {
	uint32_t mode; /* with the type; the umask is applied */
	uint32_t rdev;
	const char *target; /* of a symbolic link */
};

/* Takes entries; false: full, this one wasn't taken. */
struct directory_sink {
	bool (*add)(struct directory_sink *sink, struct vfs_name name,
		    uint64_t ino, uint32_t mode, uint64_t next);
};

/*
 * What an inode can do.  A missing function means that it can't.  Functions of
 * directories run with fs->tree held; names are never "." or "..", nor longer
 * than VFS_NAME_MAX.  All return 0 or -errno but for what is told.
 */
struct inode_ops {
	/* Files take writes although nothing else of the system changes. */
	bool writable;
	/* -ENOENT if there is none; *found with a reference. */
	int (*lookup)(struct inode *dir, struct vfs_name name,
		      struct inode **found);
	/*
	 * The name is free.  Without a name (length 0): a file that has none,
	 * for O_TMPFILE.
	 */
	int (*create)(struct inode *dir, struct vfs_name name,
		      const struct vfs_new *what, struct inode **made);
	int (*link)(struct inode *dir, struct vfs_name name,
		    struct inode *inode);
	/* The name is that of `inode`; -ENOTEMPTY for a directory. */
	int (*remove)(struct inode *dir, struct vfs_name name,
		      struct inode *inode);
	/* Replaces what is there (empty if a directory), or exchanges. */
	int (*rename)(struct inode *from, struct vfs_name old_name,
		      struct inode *to, struct vfs_name new_name,
		      bool exchange);
	/*
	 * Entries from *pos on but "." and "..", until the sink is full; *pos
	 * is 2 at first, and then what `next` of the last one taken says.
	 */
	int (*list)(struct inode *dir, uint64_t *pos,
		    struct directory_sink *sink);
	/*
	 * One of the names of an inode and the directory it is in (borrowed);
	 * -ENOENT if it has none any more.
	 */
	int (*name_of)(struct inode *inode, struct inode **dir,
		       struct vfs_name *name);
	/* An open file on it.  Directories may leave it to the VFS. */
	int (*open)(struct inode *inode, uint32_t flags, struct file **file);
	/*
	 * The target, at most size bytes, no NUL.  Returns how many there were
	 * room for.
	 */
	long (*read_link)(struct inode *inode, char *to, size_t size);
	/* A link that isn't a path (/proc/self/fd/N): what it leads to. */
	int (*follow)(struct inode *inode, struct inode **to);
	/* inode->lock is held. */
	int (*set_size)(struct inode *inode, uint64_t size);
	/* fallocate(2), FALLOC_FL_*; inode->lock is held. */
	int (*allocate)(struct inode *inode, unsigned how, uint64_t start,
			uint64_t size);
	/* What inode_stat can't know: blocks, or a file's own. */
	void (*stat)(struct inode *inode, struct abi_stat *st);
	/* Mode, owner or times have changed. */
	void (*changed)(struct inode *inode);
	/* Writes back. */
	int (*sync)(struct inode *inode);
	/* No reference is left: frees it. */
	void (*release)(struct inode *inode);
};

/* A file system that is mounted. */
struct fs {
	const char *type; /* for /proc/mounts */
	uint64_t device;  /* st_dev */
	bool read_only;
	struct mutex tree;
	/* Fills in blocks and files; the rest is there. */
	void (*stat)(struct fs *fs, struct abi_statfs *st);
	int (*sync)(struct fs *fs);
	int64_t magic; /* statfs's f_type */
	void *data;
};

struct inode {
	const struct inode_ops *ops;
	struct fs *fs;
	uint32_t references;
	uint32_t mode, uid, gid;
	uint32_t links;
	uint32_t rdev;
	uint64_t ino;
	uint64_t size;
	int64_t atime, mtime, ctime, btime; /* ns since 1970, or before */
	struct mutex lock;
	struct inode *parent;  /* of a directory, referenced; NULL: the root */
	struct inode *mounted; /* the root of what is mounted here */
	struct inode *covers;  /* of a mounted root: what it is mounted on */
	struct inode_locks *locks; /* io/lock.c */
	void *object;		   /* a bound socket's, a FIFO's pipe */
	uint32_t seals;		   /* F_SEAL_* (io/memfd.c) */
	bool linkable;		   /* has no name yet, but may get one */
};

/*
 * In zeroed memory: one reference, all times `now` (ns since 1970).  The caller
 * fills in the rest.
 */
void inode_init(struct inode *inode, const struct inode_ops *ops, struct fs *fs,
		uint32_t mode, uint64_t now);
struct inode *inode_get(struct inode *inode);
/* NULL is fine.  Not with inode->lock held. */
void inode_put(struct inode *inode);

/* A number no other inode of the runtime's own file systems has. */
uint64_t inode_next_number(void);

enum { TOUCH_ATIME = 1, TOUCH_MTIME = 2, TOUCH_CTIME = 4 };
/* Sets times to now. */
void inode_touch(struct inode *inode, unsigned which);
/* After reading, as Linux's relatime. */
void inode_touch_read(struct inode *inode, uint32_t open_flags);

void inode_stat(struct inode *inode, struct abi_stat *st);
void inode_statfs(struct inode *inode, struct abi_statfs *st);

/* As chmod, chown (UINT32_MAX: stays), utimensat (UTIME_OMIT_NS: stays). */
#define INODE_TIME_OMIT INT64_MAX
int inode_set_mode(struct inode *inode, uint32_t mode);
int inode_set_owner(struct inode *inode, uint32_t uid, uint32_t gid);
int inode_set_times(struct inode *inode, int64_t atime, int64_t mtime);
/* As truncate: -EISDIR, -EINVAL, -EFBIG, -EPERM (sealed), -ENOSPC. */
int inode_set_size(struct inode *inode, uint64_t size);
/* -EFBIG, after SIGXFSZ if it is for the limit: may a file get so large? */
int inode_check_size(uint64_t size);
/* R_OK, W_OK, X_OK of access, for the superuser: -EACCES, -EROFS. */
int inode_access(struct inode *inode, int how);

static inline bool inode_is_directory(const struct inode *inode)
{
	return S_ISDIR(inode->mode);
}

static inline bool inode_is_link(const struct inode *inode)
{
	return S_ISLNK(inode->mode);
}

#endif
