/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_name.c - names of AF_UNIX sockets: paths, which are the VFS's, and
 * abstract ones, bytes behind a NUL (unix(7)).
 *
 * names.lock, an io spin lock, guards the tree of abstract names; a name is in
 * it while its socket isn't dead.
 */
#include "arch/spin.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "io/unix_socket.h"
#include "io/vfs.h"
#include "lib/format.h"
#include "lib/string.h"

#define PATH_AT offsetof(struct abi_sockaddr_un, path)

static struct {
	struct spinlock lock;
	struct tree tree;
	unsigned next_auto;
} names = {SPINLOCK_INIT, {NULL, NULL}, 0};

static struct unix_name *name_of(struct tree_node *node)
{
	return container_of(node, struct unix_name, node);
}

void unix_name_get(struct unix_name *n)
{
	__atomic_fetch_add(&n->references, 1, __ATOMIC_RELAXED);
}

void unix_name_put(struct unix_name *n)
{
	if (n && __atomic_sub_fetch(&n->references, 1, __ATOMIC_ACQ_REL) == 0)
		heap_free(n);
}

static int compare(const struct socket_address *a,
		   const struct socket_address *b)
{
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(&a->addr, &b->addr, a->size);
}

/* The lock is held. */
static struct tree_node **find(const struct socket_address *a,
			       struct tree_node **parent)
{
	struct tree_node **link = &names.tree.root;

	*parent = NULL;
	while (*link) {
		int order = compare(a, &name_of(*link)->address);

		if (order == 0)
			break;
		*parent = *link;
		link = order < 0 ? &(*link)->left : &(*link)->right;
	}
	return link;
}

/* false: the name is taken. */
static bool insert(struct unix_name *n)
{
	unsigned long flags = spin_lock(&names.lock);
	struct tree_node *parent, **link = find(&n->address, &parent);
	bool is_free = !*link;

	if (is_free)
		tree_insert(&names.tree, &n->node, parent, link);
	spin_unlock(&names.lock, flags);
	return is_free;
}

/* An abstract name of five hexadecimal digits that is free (autobind). */
static int insert_auto(struct unix_name *n)
{
	char *path = (char *)n->address.addr.data;

	n->address.size = PATH_AT + 1 + 5;
	for (unsigned tries = 0; tries < 1U << 20; tries++) {
		path[0] = '\0';
		format(
		    path + 1, 6, "%05x",
		    __atomic_fetch_add(&names.next_auto, 1, __ATOMIC_RELAXED) &
			0xfffff);
		if (insert(n))
			return 0;
	}
	return -ENOSPC;
}

/* A path's address, ended by NUL; -EINVAL. */
static int check(const struct socket_address *a)
{
	if (a->size <= PATH_AT || a->size > sizeof(struct abi_sockaddr_un) ||
	    a->addr.family != AF_UNIX)
		return -EINVAL;
	return 0;
}

static bool is_path(const struct socket_address *a)
{
	return a->addr.data[0] != '\0';
}

/* addr has room for the NUL: it is larger than struct sockaddr_un. */
static void end_path(struct socket_address *a)
{
	char *path = (char *)a->addr.data;

	path[a->size - PATH_AT] = '\0';
	a->size = (uint32_t)(PATH_AT + strlen(path) + 1);
}

static int enter(struct unix_name *n)
{
	if (n->address.size == PATH_AT)
		return insert_auto(n);
	if (!is_path(&n->address))
		return insert(n) ? 0 : -EADDRINUSE;
	end_path(&n->address);
	return vfs_bind_socket((const char *)n->address.addr.data, n->socket,
			       &n->inode);
}

static void leave(struct unix_name *n)
{
	unsigned long flags;

	if (n->inode) {
		vfs_unbind_socket(n->inode);
		n->inode = NULL;
		return;
	}
	flags = spin_lock(&names.lock);
	tree_remove(&names.tree, &n->node);
	spin_unlock(&names.lock, flags);
}

int unix_bind(struct file *f, const struct socket_address *a)
{
	struct unix_socket *s = unix_of(f);
	struct unix_name *n;
	int error = 0;

	if (a->size != PATH_AT || a->addr.family != AF_UNIX)
		error = check(a);
	if (error)
		return error;
	n = heap_zalloc(sizeof(*n));
	if (!n)
		return -ENOMEM;
	n->references = 1;
	n->socket = s;
	n->address = *a;
	error = s->name ? -EINVAL : enter(n);
	if (!error) {
		mutex_lock(&s->lock);
		if (s->name)
			error = -EINVAL;
		else
			s->name = n;
		mutex_unlock(&s->lock);
		if (error)
			leave(n);
	}
	if (error)
		unix_name_put(n);
	return error;
}

void unix_unbind(struct unix_socket *s)
{
	/* An accepted socket has its listener's name without being bound. */
	if (s->name && s->name->socket == s) {
		leave(s->name);
		s->name->socket = NULL;
	}
}

static bool take(void *object)
{
	unix_get(object);
	return true;
}

int unix_find(const struct socket_address *a, struct unix_socket **found)
{
	struct socket_address path;
	struct tree_node *parent, **link;
	unsigned long flags;
	void *object;
	int error = check(a);

	if (error)
		return error;
	if (is_path(a)) {
		path = *a;
		end_path(&path);
		error = vfs_lookup_socket((const char *)path.addr.data, take,
					  &object);
		*found = error ? NULL : object;
		return error;
	}
	flags = spin_lock(&names.lock);
	link = find(a, &parent);
	*found = *link ? name_of(*link)->socket : NULL;
	if (*found)
		unix_get(*found);
	spin_unlock(&names.lock, flags);
	return *found ? 0 : -ECONNREFUSED;
}
