/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs.c - the root, what is mounted, the current directory, and the way from
 * an inode back to its path.
 */
#include "io/vfs.h"
#include "core/panic.h"
#include "io/devfs.h"
#include "io/vfs_etc.h"
#include "io/procfs.h"
#include "io/ramfs.h"
#include "io/ramfs_unpack.h"
#include "lib/string.h"

#define MOUNTS_MAX 16
#define ROOT_DEVICE ABI_DEV(0, 20)

static struct {
	struct vfs_archive archive[VFS_ARCHIVES_MAX];
	unsigned archives;
	const char *cwd_path;
	struct mutex start_lock; /* guards the making of root */
	struct inode *root;	 /* atomic; stays once it is there */
	struct mutex cwd_lock;
	struct inode *cwd;
	struct thread *cwd_maker; /* atomic */
	struct spinlock mount_lock;
	struct inode *mount[MOUNTS_MAX];
	unsigned mounts;
} vfs = {
    .cwd_path = "/",
    .start_lock = MUTEX_INIT(vfs.start_lock),
    .cwd_lock = MUTEX_INIT(vfs.cwd_lock),
};

static struct fs root_fs;

void vfs_init(const struct vfs_archive *archives, unsigned count,
	      const char *cwd)
{
	vfs.archives = count < VFS_ARCHIVES_MAX ? count : VFS_ARCHIVES_MAX;
	for (unsigned i = 0; i < vfs.archives; i++)
		vfs.archive[i] = archives[i];
	if (cwd)
		vfs.cwd_path = cwd;
}

/* The directories every machine has, and what fills them. */
static const struct {
	const char *name;
	uint32_t mode;
	void (*populate)(struct inode *dir);
	struct inode *(*mount)(void);
} directories[] = {
    {"dev", 0755, devfs_populate, NULL}, {"etc", 0755, etc_populate, NULL},
    {"home", 0755, NULL, NULL},		 {"proc", 0555, NULL, procfs_root},
    {"root", 0700, NULL, NULL},		 {"tmp", 01777, NULL, NULL},
};

static void make_directories(struct inode *root)
{
	for (unsigned i = 0; i < sizeof(directories) / sizeof(*directories);
	     i++) {
		struct vfs_new what = {.mode = S_IFDIR | directories[i].mode};
		struct inode *dir = ramfs_add(root, directories[i].name, &what);
		struct inode *mounted;

		if (!dir || !inode_is_directory(dir)) {
			log_line(LOG_WARNING, "/%s: not made",
				 directories[i].name);
			continue;
		}
		if (directories[i].populate)
			ramfs_set_populate(dir, directories[i].populate);
		if (!directories[i].mount)
			continue;
		mounted = directories[i].mount();
		if (mounted && vfs_mount(dir, mounted))
			inode_put(mounted);
	}
}

static struct inode *start(void)
{
	struct inode *root = ramfs_mount(&root_fs, "tmpfs", ROOT_DEVICE);

	if (!root)
		return NULL;
	vfs.mount[vfs.mounts++] = root;
	mutex_lock(&root_fs.tree);
	for (unsigned i = 0; i < vfs.archives; i++)
		ramfs_unpack(root, vfs.archive[i].data, vfs.archive[i].size);
	make_directories(root);
	mutex_unlock(&root_fs.tree);
	return root;
}

struct inode *vfs_root(void)
{
	struct inode *root = __atomic_load_n(&vfs.root, __ATOMIC_ACQUIRE);

	if (!root) {
		mutex_lock(&vfs.start_lock);
		root = vfs.root ? vfs.root : start();
		__atomic_store_n(&vfs.root, root, __ATOMIC_RELEASE);
		mutex_unlock(&vfs.start_lock);
	}
	return root ? inode_get(root) : NULL;
}

static struct inode *first_cwd(struct inode *root)
{
	struct inode *dir;
	int error = vfs_lookup(root, vfs.cwd_path, VFS_FOLLOW, &dir);

	if (!error && inode_is_directory(dir)) {
		inode_put(root);
		return dir;
	}
	log_line(LOG_WARNING, "current directory %s: %s", vfs.cwd_path,
		 error ? "not found" : "not a directory");
	if (!error)
		inode_put(dir);
	return root;
}

struct inode *vfs_cwd(void)
{
	struct inode *root = vfs_root(), *cwd;
	struct thread *self = thread_current();

	/* The first path may itself ask for it: /proc/self/cwd. */
	if (!root || __atomic_load_n(&vfs.cwd_maker, __ATOMIC_RELAXED) == self)
		return root;
	mutex_lock(&vfs.cwd_lock);
	if (!vfs.cwd) {
		__atomic_store_n(&vfs.cwd_maker, self, __ATOMIC_RELAXED);
		vfs.cwd = first_cwd(root);
		__atomic_store_n(&vfs.cwd_maker, NULL, __ATOMIC_RELAXED);
	} else {
		inode_put(root);
	}
	cwd = inode_get(vfs.cwd);
	mutex_unlock(&vfs.cwd_lock);
	return cwd;
}

int vfs_set_cwd(struct inode *inode)
{
	struct inode *old;

	if (!inode_is_directory(inode))
		return -ENOTDIR;
	mutex_lock(&vfs.cwd_lock);
	old = vfs.cwd;
	vfs.cwd = inode_get(inode);
	mutex_unlock(&vfs.cwd_lock);
	inode_put(old);
	return 0;
}

int vfs_mount(struct inode *directory, struct inode *root)
{
	unsigned long flags;
	int error = 0;

	if (!inode_is_directory(directory) || !inode_is_directory(root))
		return -ENOTDIR;
	flags = spin_lock(&vfs.mount_lock);
	if (directory->mounted || root->covers) {
		error = -EBUSY;
	} else if (vfs.mounts == MOUNTS_MAX) {
		error = -ENOSPC;
	} else {
		root->covers = inode_get(directory);
		__atomic_store_n(&directory->mounted, root, __ATOMIC_RELEASE);
		vfs.mount[vfs.mounts++] = root;
	}
	spin_unlock(&vfs.mount_lock, flags);
	return error;
}

struct inode *vfs_mounted(unsigned n)
{
	unsigned long flags = spin_lock(&vfs.mount_lock);
	struct inode *root = n < vfs.mounts ? vfs.mount[n] : NULL;

	spin_unlock(&vfs.mount_lock, flags);
	return root;
}

/* Puts "/name" before *start, not below buf. */
static int prepend(char *buf, size_t *start, struct vfs_name name)
{
	if (*start < name.length + 1)
		return -ERANGE;
	*start -= name.length;
	memcpy(buf + *start, name.text, name.length);
	buf[--*start] = '/';
	return 0;
}

/* The names of one file system, up to its root, which *inode becomes. */
static int prepend_names(char *buf, size_t *start, struct inode **inode,
			 const struct inode *top)
{
	while (*inode != top && !(*inode)->covers) {
		struct vfs_name name;
		struct inode *dir;
		int error = (*inode)->ops->name_of
				? (*inode)->ops->name_of(*inode, &dir, &name)
				: -ENOENT;

		if (!error)
			error = prepend(buf, start, name);
		if (error)
			return error;
		*inode = dir;
	}
	return 0;
}

long vfs_path_of(struct inode *inode, char *buf, size_t size)
{
	struct inode *top = __atomic_load_n(&vfs.root, __ATOMIC_ACQUIRE);
	size_t at = size;
	int error = 0;

	if (!size)
		return -ERANGE;
	buf[--at] = '\0';
	while (inode != top && !error) {
		struct fs *fs = inode->fs;

		mutex_lock(&fs->tree);
		error = prepend_names(buf, &at, &inode, top);
		mutex_unlock(&fs->tree);
		if (!error && inode != top)
			inode = inode->covers;
	}
	if (!error && !buf[at])
		error = prepend(buf, &at, (struct vfs_name){"", 0});
	if (error)
		return error;
	memmove(buf, buf + at, size - at);
	return (long)(size - at - 1);
}
