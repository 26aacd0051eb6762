/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_node.h - what the parts of procfs share.
 *
 * /proc is a tree of constant nodes.  Inodes are made when they are looked up
 * and hold no state, so there may be several for a node.
 */
#ifndef IO_PROCFS_NODE_H
#define IO_PROCFS_NODE_H

#include "io/inode.h"

/* Text that grows; `failed` once there was no memory. */
struct proc_text {
	char *buf;
	size_t size, used;
	bool failed;
};

void proc_add(struct proc_text *t, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));
/* n bytes as they are. */
void proc_add_bytes(struct proc_text *t, const void *bytes, size_t n);

struct proc_inode;

struct proc_node {
	const char *name;
	uint32_t mode;
	/* One of these: */
	const struct proc_node *children; /* ends with name NULL */
	void (*text)(struct proc_text *t, int number);
	/* With text: takes what is written at once; 0 or -errno. */
	int (*write)(const char *text, size_t n, int number);
	const char *target;	     /* of a link */
	const struct inode_ops *ops; /* another kind of inode */
	/* Of a directory of numbers: the first >= n, or -1, and what it is. */
	int (*next)(int n);
	const struct proc_node *each;
};

#define PROC_NAME_SIZE 12 /* of a number */

struct proc_inode {
	struct inode inode; /* first */
	const struct proc_node *node;
	int number; /* of the directory of numbers it is in, or below; or -1 */
	char name[PROC_NAME_SIZE];
};

static inline struct proc_inode *proc_of(struct inode *inode)
{
	return (struct proc_inode *)inode;
}

/* Common operations. */
int proc_name_of(struct inode *inode, struct inode **dir,
		 struct vfs_name *name);
void proc_release(struct inode *inode);

extern const struct proc_node procfs_root_node;

/* procfs_fd.c: links that are no paths */
extern const struct inode_ops procfs_fd_ops, procfs_cwd_ops;

/* The path of the program: absolute, of VFS_PATH_MAX bytes at most. */
size_t proc_exe(char *buf, size_t size);

#endif
