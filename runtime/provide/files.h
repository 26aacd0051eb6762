/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * files.h - what the files of PROVIDE_FILE share: mounts, paths, and how the
 * provider is entered.
 */
#ifndef PROVIDE_FILES_H
#define PROVIDE_FILES_H

#include "provide/provide.h"

/* A provider and where its files are.  Entries stay as they are. */
struct provide_mount {
	const struct halvm_files_provider *table;
	size_t length; /* of table->mount without a slash at its end: 0 is / */
	uint64_t dev;
};

/* --- mount.c ---------------------------------------------------------------*/

bool mounts_any(void);
/*
 * The mount that the absolute path of n bytes, without ".", ".." or double
 * slashes ("" is the root), is in, or NULL: the target's.
 */
const struct provide_mount *mount_of(const char *path, size_t n);
/* Some mount's last component is a component of this path: a cheap look. */
bool mounts_mentioned(const char *path);

/* The table, if it can be entered now, else NULL: the call is -EDEADLK. */
const struct halvm_files_provider *mount_enter(const struct provide_mount *m);

/* The working folder: a description of one, with a reference, or NULL. */
struct provide_file *place_get(void);
void place_set(struct provide_file *f);
/* The target's own folder, after it was changed or for the first time. */
void place_refresh(void);

/* The mask of new files' modes. */
uint32_t umask_now(void);
void umask_init(void);

/* --- path.c ----------------------------------------------------------------*/

struct provide_path {
	const struct provide_mount *mount; /* NULL: the target's */
	/* The provider's: */
	char *text;  /* as the tables' functions want it */
	bool folder; /* the path says that it is one: x/ */
	bool slash;  /* by its last byte, behind a name */
	/* The target's: what to give it. */
	long dirfd;
	long name;
	char raw[PROVIDE_PATH_MAX + 4], normal[PROVIDE_PATH_MAX + 4];
};

/* Bytes up to the next slash or the end. */
size_t path_component(const char *s);

#define PATH_LAST 1 /* the last component is made, removed or replaced */

/*
 * Whose is this path?  -ENAMETOOLONG, -ENOENT, -ENOTDIR, -EFAULT.  With
 * PATH_LAST a slash at the end goes, else "." is put behind it.
 */
long path_find(struct provide_path *p, long dirfd, long path, unsigned how);

/*
 * The description that an empty path means, if `how` has AT_EMPTY_PATH, with a
 * reference; else NULL.
 */
struct provide_file *path_empty(long dirfd, long path, long how);

/* The root of its mount. */
bool path_is_root(const struct provide_path *p);

/* What is before the last component is a directory: 0, or an error. */
long path_parent(const struct provide_path *p);

/*
 * Takes ".." out of text if that leads to the same file, so that paths don't
 * grow.
 */
void path_shorten(struct provide_path *p);

/* f->path, of that description's own. -ENOMEM. */
long path_keep(struct provide_file *f, const char *text);

/* --- file.c ------------------------------------------------------------------
 */

extern const struct provide_ops provide_file_ops;

/* What a provider's function returned, if it can be: else -EIO. */
static inline long file_result(long r, long most)
{
	return r > most || r < -4095 ? -EIO : r;
}

/* open(2); flags, mode as the program gave them.  A descriptor. */
long file_open(struct provide_path *p, uint32_t flags, uint32_t mode);

/* Status of an open file, and of one by path. */
long file_status(struct provide_file *f, struct halvm_file_status *s);
long path_status(const struct provide_path *p, int follow,
		 struct halvm_file_status *s);
void status_fill(const struct provide_mount *m,
		 const struct halvm_file_status *s, struct abi_stat *to);

/*
 * The path of an open file for functions that want one, if it still leads
 * there.  0, -ENOENT, …
 */
long file_path(struct provide_file *f);

/* file_io.c */
long file_read(struct provide_file *f, const struct provide_io *io);
long file_write(struct provide_file *f, const struct provide_io *io);

/* fcntl's record locks: F_GETLK and so on, F_OFD_* too. */
long file_lock_range(struct provide_file *f, unsigned request, long argument);
/* file_lock.c: the description's lock goes. */
void file_unlock(struct provide_file *f);

#endif
