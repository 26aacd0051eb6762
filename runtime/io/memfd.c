/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memfd.c - files in memory without a name.  inode->lock guards the seals.
 */
#include "io/memfd.h"
#include "io/file.h"
#include "io/ramfs.h"
#include "io/vfs.h"

#define MEMFD_DEVICE ABI_DEV(0, 1)
#define MEMFD_MODE 0777
#define SEALS                                                                  \
	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE |            \
	 F_SEAL_FUTURE_WRITE)

static struct fs memfd_fs = {.tree = MUTEX_INIT(memfd_fs.tree)};

int memfd_create(uint32_t flags, struct file **file)
{
	struct inode *inode;
	int error;

	if (flags & ~(uint32_t)(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	ramfs_init(&memfd_fs, "tmpfs", MEMFD_DEVICE);
	inode = ramfs_new_file(&memfd_fs, MEMFD_MODE);
	if (!inode)
		return -ENOMEM;
	inode->seals = flags & MFD_ALLOW_SEALING ? 0 : F_SEAL_SEAL;
	error = vfs_open_inode(inode, O_RDWR, file);
	inode_put(inode);
	return error;
}

static bool is_memfd(const struct file *f)
{
	return f->inode && f->inode->fs == &memfd_fs;
}

int memfd_get_seals(struct file *f)
{
	return is_memfd(f) ? (int)f->inode->seals : -EINVAL;
}

int memfd_add_seals(struct file *f, uint32_t seals)
{
	int error = 0;

	if (!is_memfd(f) || seals & ~(uint32_t)SEALS)
		return -EINVAL;
	if (!file_can_write(f))
		return -EPERM;
	mutex_lock(&f->inode->lock);
	if (f->inode->seals & F_SEAL_SEAL)
		error = -EPERM;
	else
		f->inode->seals |= seals;
	mutex_unlock(&f->inode->lock);
	return error;
}
