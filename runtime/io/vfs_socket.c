/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_socket.c - sockets bound to paths (unix(7)).
 *
 * inode->lock guards inode->object: who finds the socket counts its reference
 * before the socket can unbind.
 */
#include "io/vfs.h"

#define SOCKET_MODE (S_IFSOCK | 0777)

int vfs_bind_socket(const char *path, void *object, struct inode **inode)
{
	struct vfs_new what = {.mode = SOCKET_MODE};
	struct inode *cwd = vfs_cwd();
	int error;

	if (!cwd)
		return -ENOMEM;
	error = vfs_make(cwd, path, &what, inode);
	inode_put(cwd);
	if (error)
		return error == -EEXIST ? -EADDRINUSE : error;
	mutex_lock(&(*inode)->lock);
	(*inode)->object = object;
	mutex_unlock(&(*inode)->lock);
	return 0;
}

void vfs_unbind_socket(struct inode *inode)
{
	mutex_lock(&inode->lock);
	inode->object = NULL;
	mutex_unlock(&inode->lock);
	inode_put(inode);
}

int vfs_lookup_socket(const char *path, bool (*take)(void *object),
		      void **object)
{
	struct inode *cwd = vfs_cwd(), *inode;
	int error;

	if (!cwd)
		return -ENOMEM;
	error = vfs_lookup(cwd, path, VFS_FOLLOW, &inode);
	inode_put(cwd);
	if (error)
		return error;
	mutex_lock(&inode->lock);
	error = -ECONNREFUSED;
	if (S_ISSOCK(inode->mode) && inode->object && take(inode->object)) {
		*object = inode->object;
		error = 0;
	}
	mutex_unlock(&inode->lock);
	inode_put(inode);
	return error;
}
