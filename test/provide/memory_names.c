/* SPDX-License-Identifier: BSD-3-Clause */
/* memory_names.c - see memory_files.h: names, directories, attributes. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "memory_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* renameat2's RENAME_NOREPLACE, which musl 1.2.3 lacks. */
#define NO_REPLACE 1u

struct record {
	uint64_t inode;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
} __attribute__((__packed__));

/* One record; its size, or 0: no room. */
static size_t put(char *to, size_t room, const struct node *node,
		  const char *name, uint64_t place)
{
	size_t n = strlen(name);
	size_t size = (sizeof(struct record) + n + 1 + 7) & ~(size_t)7;
	struct record r = {node->s.inode, (int64_t)place, (uint16_t)size,
			   (uint8_t)(node->s.mode >> 12 & 15)};

	if (size > room)
		return 0;
	memset(to, 0, size);
	memcpy(to, &r, sizeof(r));
	memcpy(to + sizeof(r), name, n);
	return size;
}

static long list_locked(struct node *dir, uint64_t at, char *to, size_t room)
{
	struct entry *e = dir->entries;
	size_t done = 0, n;

	if (!S_ISDIR(dir->s.mode))
		return -ENOTDIR;
	for (; at < 2; at++, done += n) {
		n = put(to + done, room - done,
			at && dir != memory_root ? dir->parent : dir,
			at ? ".." : ".", at + 1);
		if (!n)
			return done ? (long)done : -EINVAL;
	}
	for (; e; e = e->next) {
		if (e->place <= at)
			continue;
		n = put(to + done, room - done, e->node, e->name, e->place);
		if (!n)
			return done ? (long)done : -EINVAL;
		done += n;
	}
	return (long)done;
}

static long do_list(halvm_handle h, uint64_t at, void *to, size_t n)
{
	memory_lock();
	return memory_unlock(list_locked(memory_node(h), at, to, n));
}

/* A new node at a name that isn't there yet. */
static int make(const char *path, uint32_t mode, struct node **made)
{
	struct spot s;
	int error = memory_look(path, false, &s);

	if (error)
		return error;
	if (s.node)
		return -EEXIST;
	*made = memory_new_node(mode);
	return memory_add(s.dir, s.name, s.n, *made);
}

static int do_make_directory(const char *path, unsigned mode)
{
	struct node *node;

	memory_lock();
	return (int)memory_unlock(make(path, S_IFDIR | (mode & 07777), &node));
}

static int remove_locked(const char *path, bool directory)
{
	struct spot s;
	int error = memory_look_there(path, false, &s);

	if (error)
		return error;
	if (directory && !S_ISDIR(s.node->s.mode))
		return -ENOTDIR;
	if (!directory && S_ISDIR(s.node->s.mode))
		return -EISDIR;
	if (!memory_is_name(&s))
		return s.n == 1 ? -EINVAL : -ENOTEMPTY;
	if (directory && s.node->entries)
		return -ENOTEMPTY;
	memory_take_out(s.dir, s.at);
	if (directory)
		s.node->s.links = 0;
	memory_drop(s.node);
	return 0;
}

static int do_remove_directory(const char *path)
{
	memory_lock();
	return (int)memory_unlock(remove_locked(path, true));
}

static int do_unlink(const char *path)
{
	memory_lock();
	return (int)memory_unlock(remove_locked(path, false));
}

static bool is_below(const struct node *node, const struct node *dir)
{
	for (; node; node = node->parent)
		if (node == dir)
			return true;
	return false;
}

/* Whether `from` may take the place of `to`. */
static int check_target(const struct spot *from, const struct spot *to,
			unsigned flags)
{
	bool directory = S_ISDIR(from->node->s.mode);

	if (!memory_is_name(from) || (to->node && !memory_is_name(to)))
		return -EBUSY;
	if (to->node && flags & NO_REPLACE)
		return -EEXIST;
	if (directory && is_below(to->dir, from->node))
		return -EINVAL;
	if (!to->node)
		return 0;
	if (directory && !S_ISDIR(to->node->s.mode))
		return -ENOTDIR;
	if (!directory && S_ISDIR(to->node->s.mode))
		return -EISDIR;
	if (is_below(from->dir, to->node))
		return -ENOTEMPTY;
	return directory && to->node->entries ? -ENOTEMPTY : 0;
}

static int rename_locked(const char *path, const char *new_path, unsigned flags)
{
	struct spot from, to;
	struct node *node;
	char name[256] = "";
	int error = memory_look_there(path, false, &from);

	if (!error)
		error = memory_look(new_path, false, &to);
	if (error)
		return error;
	if (flags & ~NO_REPLACE)
		return -EINVAL;
	if (to.node == from.node && !(flags & NO_REPLACE))
		return 0;
	error = check_target(&from, &to, flags);
	if (error)
		return error;
	node = from.node;
	memcpy(name, from.name, from.n);
	if (to.node) {
		memory_take_out(to.dir, to.at);
		if (S_ISDIR(to.node->s.mode))
			to.node->s.links = 0;
		memory_drop(to.node);
		/* The list may have changed under the other spot. */
		from.at = memory_find(from.dir, name, strlen(name));
	}
	node->s.links++; /* stays while it has no name */
	memory_take_out(from.dir, from.at);
	if (S_ISDIR(node->s.mode))
		node->s.links++;
	error = memory_add(to.dir, to.name, to.n, node);
	node->s.links--;
	return error;
}

static int do_rename(const char *from, const char *to, unsigned flags)
{
	memory_lock();
	return (int)memory_unlock(rename_locked(from, to, flags));
}

static int link_locked(const char *path, const char *new_path, int follow)
{
	struct spot from, to;
	int error = memory_look_there(path, follow, &from);

	if (!error)
		error = memory_look(new_path, false, &to);
	if (error)
		return error;
	if (to.node)
		return -EEXIST;
	if (S_ISDIR(from.node->s.mode))
		return -EPERM;
	return memory_add(to.dir, to.name, to.n, from.node);
}

static int do_link(const char *path, const char *new_path, int follow)
{
	memory_lock();
	return (int)memory_unlock(link_locked(path, new_path, follow));
}

static int do_symlink(const char *target, const char *path)
{
	struct node *node;
	int error;

	memory_lock();
	error = make(path, S_IFLNK | 0777, &node);
	if (!error) {
		node->data = strdup(target);
		node->s.size = strlen(target);
	}
	return (int)memory_unlock(error);
}

static long do_read_link(const char *path, char *to, size_t n)
{
	struct spot s;
	long r;

	memory_lock();
	r = memory_look_there(path, false, &s);
	if (!r && !S_ISLNK(s.node->s.mode))
		r = -EINVAL;
	if (!r) {
		r = (long)(s.node->s.size < n ? s.node->s.size : n);
		memcpy(to, s.node->data, (size_t)r);
	}
	return memory_unlock(r);
}

static int do_set_mode(const char *path, unsigned mode, int follow)
{
	struct spot s;
	int error;

	memory_lock();
	error = memory_look_there(path, follow, &s);
	if (!error) {
		s.node->s.mode = (s.node->s.mode & S_IFMT) | mode;
		s.node->s.ctime = memory_now();
	}
	return (int)memory_unlock(error);
}

static int do_set_owner(const char *path, uint32_t uid, uint32_t gid,
			int follow)
{
	struct spot s;
	int error;

	memory_lock();
	error = memory_look_there(path, follow, &s);
	if (!error && uid != HALVM_ID_OMIT)
		s.node->s.uid = uid;
	if (!error && gid != HALVM_ID_OMIT)
		s.node->s.gid = gid;
	return (int)memory_unlock(error);
}

static int do_set_times(const char *path, int64_t atime, int64_t mtime,
			int follow)
{
	struct spot s;
	int error;

	memory_lock();
	error = memory_look_there(path, follow, &s);
	if (!error && atime != HALVM_TIME_OMIT)
		s.node->s.atime = atime;
	if (!error && mtime != HALVM_TIME_OMIT)
		s.node->s.mtime = mtime;
	return (int)memory_unlock(error);
}

static int do_space(struct halvm_space *s)
{
	*s = (struct halvm_space){.block_size = 4096,
				  .blocks = 1 << 20,
				  .free_blocks = 1 << 19,
				  .files = 1000,
				  .free_files = 900,
				  .name_max = 255};
	return 0;
}

void memory_names(struct halvm_files_provider *t)
{
	t->list = do_list;
	t->make_directory = do_make_directory;
	t->remove_directory = do_remove_directory;
	t->unlink = do_unlink;
	t->rename = do_rename;
	t->link = do_link;
	t->symlink = do_symlink;
	t->read_link = do_read_link;
	t->set_mode = do_set_mode;
	t->set_owner = do_set_owner;
	t->set_times = do_set_times;
	t->space = do_space;
}
