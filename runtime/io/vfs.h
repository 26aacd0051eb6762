/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs.h - the tree of files: paths, opening, mounting.
 *
 * Nothing is made before the first path is used: vfs_init only notes what boot
 * knows.  The first use makes the root, a ramfs with what the archives bring,
 * and mounts /proc.  Paths are the runtime's copies; `base` is where relative
 * ones begin (vfs_cwd()).  The caller is the superuser, as all of a machine's
 * one process.  Functions return 0 or -errno as the system calls do, may
 * sleep, and hand out references.
 *
 * Another file system: define struct fs and struct inode_ops (inode.h), make
 * its root inode and call vfs_mount.
 */
#ifndef IO_VFS_H
#define IO_VFS_H

#include "io/inode.h"

struct vfs_archive {
	const void *data; /* a cpio archive, mapped and left as it is */
	size_t size;
};

#define VFS_ARCHIVES_MAX 5

/*
 * Start.  Later archives lie over earlier ones.  cwd: an absolute path, kept;
 * "/" is taken if it is no directory.
 */
void vfs_init(const struct vfs_archive *archives, unsigned count,
	      const char *cwd);

/* Opens the console: /dev/console, /dev/tty.  Set by boot; NULL: -ENXIO. */
extern int (*vfs_open_console)(uint32_t flags, struct file **file);
/* Opens a named pipe; set by who has pipes.  inode->object is its. */
extern int (*vfs_open_fifo)(struct inode *inode, uint32_t flags,
			    struct file **file);
/* A FIFO's inode goes: frees inode->object, which isn't NULL. */
extern void (*vfs_release_fifo)(struct inode *inode);
/* RLIMIT_FSIZE in bytes; above it writes are -EFBIG and SIGXFSZ. */
extern uint64_t vfs_size_limit;

struct inode *vfs_root(void); /* NULL: no memory */
struct inode *vfs_cwd(void);  /* likewise */
int vfs_set_cwd(struct inode *inode);

/* What a path leads to. */
enum {
	VFS_FOLLOW = 1, /* the last component too, if it is a link */
	VFS_EMPTY = 2,	/* "" is base itself */
};
int vfs_lookup(struct inode *base, const char *path, unsigned flags,
	       struct inode **found);

/* open(2): O_* flags; mode is 0..07777.  *file with one reference. */
int vfs_open(struct inode *base, const char *path, uint32_t flags,
	     uint32_t mode, struct file **file);
/* An open file on an inode that is there. */
int vfs_open_inode(struct inode *inode, uint32_t flags, struct file **file);

/* mkdir, mknod, symlink: `made` may be NULL. */
int vfs_make(struct inode *base, const char *path, const struct vfs_new *what,
	     struct inode **made);
/* rmdir, unlink */
int vfs_remove(struct inode *base, const char *path, bool directory);
/* link */
int vfs_link(struct inode *inode, struct inode *base, const char *path);
/* RENAME_NOREPLACE or RENAME_EXCHANGE or 0 */
int vfs_rename(struct inode *old_base, const char *old_path,
	       struct inode *new_base, const char *new_path, unsigned flags);

/*
 * The absolute path of an inode into buf: its length without the NUL, -ENOENT
 * (deleted), -ERANGE.
 */
long vfs_path_of(struct inode *inode, char *buf, size_t size);

/* stat and statfs of an open file of any kind. */
int vfs_file_stat(struct file *f, struct abi_stat *st);
void vfs_file_statfs(struct file *f, struct abi_statfs *st);

/*
 * Mounts a file system's root over a directory, for good.  Takes the caller's
 * reference.
 */
int vfs_mount(struct inode *directory, struct inode *root);
/* All mounted file systems: the n-th's root, borrowed, or NULL. */
struct inode *vfs_mounted(unsigned n);

/*
 * A socket bound to a path.  bind makes an inode that leads to `object` until
 * vfs_unbind_socket: -EADDRINUSE if there is something.  lookup calls `take`
 * with the object while it can't go away, to count a reference: -ECONNREFUSED
 * if there is no such socket any more.
 */
int vfs_bind_socket(const char *path, void *object, struct inode **inode);
void vfs_unbind_socket(struct inode *inode); /* puts it */
int vfs_lookup_socket(const char *path, bool (*take)(void *object),
		      void **object);

#endif
