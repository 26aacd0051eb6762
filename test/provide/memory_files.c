/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory_files.c - see memory_files.h.  Nodes and data come from malloc and
 * stay until the program ends, but for what is removed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "memory_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define NAME_LENGTH 255
#define LINKS_MAX 40

unsigned memory_files_open;
int memory_files_enter = 1;
unsigned long memory_files_calls;

struct node *memory_root;
static uint64_t inodes;
static int locked;

void memory_lock(void)
{
	while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE))
		;
	memory_files_calls++;
}

long memory_unlock(long r)
{
	__atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
	return r;
}

int64_t memory_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

struct node *memory_new_node(uint32_t mode)
{
	struct node *n = calloc(1, sizeof(*n));

	n->s.inode = ++inodes;
	n->s.mode = mode;
	n->s.atime = n->s.mtime = n->s.ctime = memory_now();
	n->s.links = S_ISDIR(mode) ? 2 : 0;
	n->last_place = 2; /* "." and ".." are before */
	return n;
}

void memory_drop(struct node *n)
{
	if (n->users || n->s.links)
		return;
	free(n->data);
	free(n);
}

struct entry **memory_find(struct node *dir, const char *name, size_t n)
{
	struct entry **e = &dir->entries;

	while (*e && (strncmp((*e)->name, name, n) != 0 || (*e)->name[n]))
		e = &(*e)->next;
	return e;
}

int memory_add(struct node *dir, const char *name, size_t n, struct node *node)
{
	struct entry **end = &dir->entries, *e;

	if (dir != memory_root && dir->s.links == 0)
		return -ENOENT; /* removed */
	e = malloc(sizeof(*e) + n + 1);
	memcpy(e->name, name, n);
	e->name[n] = 0;
	e->node = node;
	e->place = ++dir->last_place;
	e->next = NULL;
	while (*end)
		end = &(*end)->next;
	*end = e;
	node->s.links++;
	if (S_ISDIR(node->s.mode)) {
		node->s.links--; /* its 2 count the entry */
		node->parent = dir;
		dir->s.links++;
	}
	node->s.ctime = dir->s.mtime = dir->s.ctime = memory_now();
	return 0;
}

void memory_take_out(struct node *dir, struct entry **at)
{
	struct entry *e = *at;
	struct node *node = e->node;

	*at = e->next;
	free(e);
	if (S_ISDIR(node->s.mode)) {
		dir->s.links--;
		node->s.links--; /* the entry's; the caller knows the rest */
	} else {
		node->s.links--;
	}
	node->s.ctime = dir->s.mtime = dir->s.ctime = memory_now();
}

/* A link's text may have to outlive this call: it is the node's own. */
static int walk(struct node *start, const char *path, bool follow,
		struct spot *s, int depth)
{
	struct node *dir = start;
	int error;

	if (depth > LINKS_MAX)
		return -ELOOP;
	if (path[0] == '/')
		dir = memory_root;
	*s = (struct spot){.dir = dir, .node = dir, .name = ".", .n = 1};
	for (;;) {
		bool last;

		while (*path == '/')
			path++;
		if (!*path)
			return 0;
		dir = s->node;
		if (!dir)
			return -ENOENT;
		if (!S_ISDIR(dir->s.mode))
			return -ENOTDIR;
		s->dir = dir;
		s->name = path;
		s->n = strcspn(path, "/");
		s->at = NULL;
		path += s->n;
		last = !path[strspn(path, "/")];
		if (s->n > NAME_LENGTH)
			return -ENAMETOOLONG;
		if (s->n == 1 && s->name[0] == '.') {
			s->node = dir;
		} else if (s->n == 2 && memcmp(s->name, "..", 2) == 0) {
			s->node =
			    dir == memory_root ? memory_root : dir->parent;
		} else {
			s->at = memory_find(dir, s->name, s->n);
			s->node = *s->at ? (*s->at)->node : NULL;
		}
		if (!s->node || !S_ISLNK(s->node->s.mode) || (last && !follow))
			continue;
		error = walk(dir, s->node->data, true, s, depth + 1);
		if (error)
			return error;
		if (!s->node && !last)
			return -ENOENT;
	}
}

int memory_look(const char *path, bool follow, struct spot *s)
{
	if (!memory_root)
		memory_root = memory_new_node(S_IFDIR | 0755);
	return walk(memory_root, path, follow, s, 0);
}

int memory_look_there(const char *path, bool follow, struct spot *s)
{
	int error = memory_look(path, follow, s);

	return error ? error : s->node ? 0 : -ENOENT;
}

/* A name that can be made or removed. */
bool memory_is_name(const struct spot *s)
{
	return s->at != NULL;
}

static int resize(struct node *n, uint64_t size)
{
	if (size > 64 << 20)
		return -EFBIG;
	if (size > n->room) {
		size_t room = size + size / 2 + 64;

		n->data = realloc(n->data, room);
		n->room = room;
	}
	if (size > n->s.size)
		memset(n->data + n->s.size, 0, size - n->s.size);
	n->s.size = size;
	n->s.blocks = (size + 511) / 512;
	n->s.mtime = n->s.ctime = memory_now();
	return 0;
}

static int open_locked(const char *path, unsigned flags, unsigned mode,
		       struct node **node)
{
	bool exclusive = flags & O_CREAT && flags & O_EXCL;
	struct spot s;
	int error = memory_look(path, !(flags & O_NOFOLLOW) && !exclusive, &s);

	if (error)
		return error;
	if (s.node && exclusive)
		return -EEXIST;
	if (!s.node) {
		if (!(flags & O_CREAT))
			return -ENOENT;
		s.node = memory_new_node(S_IFREG | (mode & 07777));
		error = memory_add(s.dir, s.name, s.n, s.node);
		if (error)
			return error;
	} else if (S_ISLNK(s.node->s.mode)) {
		return -ELOOP;
	} else if (S_ISDIR(s.node->s.mode)) {
		if ((flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT)
			return -EISDIR;
	} else if (flags & O_DIRECTORY) {
		return -ENOTDIR;
	} else if (flags & O_TRUNC) {
		error = resize(s.node, 0);
	}
	*node = s.node;
	return error;
}

static int do_open(const char *path, unsigned flags, unsigned mode,
		   halvm_handle *made)
{
	struct handle *h;
	struct node *node;
	int error;

	memory_lock();
	error = open_locked(path, flags, mode, &node);
	if (!error) {
		h = malloc(sizeof(*h));
		h->node = node;
		node->users++;
		memory_files_open++;
		*made = (halvm_handle)(uintptr_t)h;
	}
	return (int)memory_unlock(error);
}

struct node *memory_node(halvm_handle h)
{
	return ((struct handle *)(uintptr_t)h)->node;
}

static int do_close(halvm_handle h)
{
	struct node *node = memory_node(h);

	memory_lock();
	node->users--;
	memory_drop(node);
	free((void *)(uintptr_t)h);
	memory_files_open--;
	return (int)memory_unlock(0);
}

static long do_read(halvm_handle h, void *to, size_t n, uint64_t at)
{
	struct node *node = memory_node(h);

	memory_lock();
	if (at >= node->s.size)
		return memory_unlock(0);
	if (n > node->s.size - at)
		n = node->s.size - at;
	memcpy(to, node->data + at, n);
	return memory_unlock((long)n);
}

static long do_write(halvm_handle h, const void *from, size_t n, uint64_t *at)
{
	struct node *node = memory_node(h);
	int error = 0;

	memory_lock();
	if (*at == HALVM_AT_END)
		*at = node->s.size;
	if (*at + n > node->s.size)
		error = resize(node, *at + n);
	if (error)
		return memory_unlock(error);
	memcpy(node->data + *at, from, n);
	node->s.mtime = node->s.ctime = memory_now();
	*at += n;
	return memory_unlock((long)n);
}

static int do_truncate(halvm_handle h, uint64_t size)
{
	memory_lock();
	return (int)memory_unlock(resize(memory_node(h), size));
}

static int do_status(halvm_handle h, struct halvm_file_status *s)
{
	memory_lock();
	*s = memory_node(h)->s;
	return (int)memory_unlock(0);
}

static int do_path_status(const char *path, int follow,
			  struct halvm_file_status *s)
{
	struct spot spot;
	int error;

	memory_lock();
	error = memory_look_there(path, follow, &spot);
	if (!error)
		*s = spot.node->s;
	return (int)memory_unlock(error);
}

static int always(void)
{
	return memory_files_enter;
}

struct halvm_files_provider memory_files(const char *mount)
{
	struct halvm_files_provider t = {
	    .abi = HALVM_PROVIDER_ABI,
	    .may_enter = always,
	    .mount = mount,
	    .open = do_open,
	    .close = do_close,
	    .read = do_read,
	    .write = do_write,
	    .truncate = do_truncate,
	    .status = do_status,
	    .path_status = do_path_status,
	};

	memory_names(&t);
	return t;
}
