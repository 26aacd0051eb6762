/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_walk.h - following a path, for the parts of the VFS.
 *
 *	error = walk_start(&w, base, path);
 *	if (!error)
 *		error = walk_to_last(&w);
 *	... w.at is the directory, w.name the last component, not looked up ...
 *	walk_end(&w);
 *
 * Only directories are entered; links in the middle are followed, the last
 * component is left alone: walk_follow goes on into it if it is a link.
 */
#ifndef IO_VFS_WALK_H
#define IO_VFS_WALK_H

#include "io/inode.h"

struct walk_frame;

struct walk {
	struct inode *at;     /* referenced */
	struct vfs_name name; /* length 0: the path was only slashes, or "" */
	bool directory;	      /* a slash came after it */
	const char *rest;
	struct walk_frame *outer;  /* texts to go on with after this one */
	struct walk_frame *frames; /* all texts, to be freed */
	unsigned links;		   /* followed */
};

/* -ENOENT for "" (but walk_start_empty), -ENOMEM. */
int walk_start(struct walk *w, struct inode *base, const char *path);
/* -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -ENOMEM. */
int walk_to_last(struct walk *w);
/*
 * w->name is the link `link`.  0: call walk_to_last again; 1: it isn't a path,
 * *jump is what it leads to, referenced; -errno.
 */
int walk_follow(struct walk *w, struct inode *link, struct inode **jump);
void walk_end(struct walk *w);

bool walk_is_dot(struct vfs_name name);	   /* "." */
bool walk_is_dotdot(struct vfs_name name); /* ".." */

/*
 * The inode of w->name, also of "." and ".."; of w->at itself if there is no
 * name.  Mounts are crossed.  vfs_lookup_held is for plain names, with
 * w->at->fs->tree held, and crosses nothing.
 */
int walk_lookup(struct walk *w, struct inode **found);
int vfs_lookup_held(struct inode *dir, struct vfs_name name,
		    struct inode **found);

#endif
