/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_rights.c - files in messages (SCM_RIGHTS, unix(7)).
 *
 * Dropping a file may end a socket with messages that hold files, and so on.
 * So what is to be dropped goes to a list, which one thread at a time works
 * off: dropping inside a drop only adds to it.
 *
 * Known limit: sockets that are reachable only through messages to each other
 * are not found and stay.
 */
#include "arch/spin.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "io/unix_socket.h"
#include "lib/string.h"

static struct spinlock drop_lock = SPINLOCK_INIT;
static struct list drop_list = LIST_INIT(drop_list);
static bool dropping;

static struct unix_rights *next_to_drop(void)
{
	unsigned long flags = spin_lock(&drop_lock);
	struct list *node = list_pop(&drop_list);

	if (!node)
		dropping = false;
	spin_unlock(&drop_lock, flags);
	return node ? container_of(node, struct unix_rights, node) : NULL;
}

void unix_rights_drop(struct unix_rights *r)
{
	unsigned long flags;
	bool mine;

	if (!r)
		return;
	flags = spin_lock(&drop_lock);
	list_append(&drop_list, &r->node);
	mine = !dropping;
	dropping = true;
	spin_unlock(&drop_lock, flags);
	while (mine && (r = next_to_drop())) {
		for (unsigned i = 0; i < r->count; i++)
			file_put(r->file[i]);
		heap_free(r);
	}
}

static struct unix_rights *make(unsigned room)
{
	struct unix_rights *r =
	    heap_alloc(sizeof(*r) + room * sizeof(r->file[0]));

	if (r)
		r->count = 0;
	return r;
}

struct unix_rights *unix_rights_copy(const struct unix_rights *r)
{
	struct unix_rights *copy = make(r->count);

	if (!copy)
		return NULL;
	for (; copy->count < r->count; copy->count++) {
		copy->file[copy->count] = r->file[copy->count];
		file_get(r->file[copy->count]);
	}
	return copy;
}

/* n descriptors, unaligned. */
static int add_files(struct unix_rights *r, const char *fds, size_t n)
{
	int fd;

	if (n > RIGHTS_MAX - r->count)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		memcpy(&fd, fds + i * sizeof(fd), sizeof(fd));
		r->file[r->count] = fd_get_open(fd);
		if (!r->file[r->count])
			return -EBADF;
		r->count++;
	}
	return 0;
}

static int parse_one(const struct abi_cmsghdr *h, const char *data,
		     struct unix_rights **r)
{
	size_t size = h->size - sizeof(*h);

	if (h->level != SOL_SOCKET)
		return 0;
	if (h->type == SCM_CREDENTIALS)
		return size == sizeof(struct abi_ucred) ? 0 : -EINVAL;
	if (h->type != SCM_RIGHTS)
		return -EINVAL;
	if (!*r && !(*r = make(RIGHTS_MAX)))
		return -ENOMEM;
	return add_files(*r, data, size / sizeof(int));
}

int unix_rights_parse(const struct socket_control *c, struct unix_rights **r)
{
	const char *at = c->data;
	size_t left = c->size;
	struct abi_cmsghdr h;
	int error = 0;

	*r = NULL;
	while (!error && left >= sizeof(h)) {
		memcpy(&h, at, sizeof(h));
		if (h.size < sizeof(h) || h.size > left) {
			error = -EINVAL;
			break;
		}
		error = parse_one(&h, at + sizeof(h), r);
		if (ABI_CMSG_ALIGN(h.size) >= left)
			break;
		at += ABI_CMSG_ALIGN(h.size);
		left -= ABI_CMSG_ALIGN(h.size);
	}
	if (error || (*r && (*r)->count == 0)) {
		unix_rights_drop(*r);
		*r = NULL;
	}
	return error;
}

/* Descriptors for the first of the files; how many. */
static unsigned reserve(struct unix_rights *r, int *fd, size_t room)
{
	unsigned n = 0;

	while (n < r->count && n < room) {
		fd[n] = fd_reserve(0);
		if (fd[n] < 0)
			break;
		n++;
	}
	return n;
}

int unix_rights_give(struct socket_message *m, struct unix_rights *r)
{
	size_t room = m->control_size - m->control_used;
	int *fd = heap_alloc(r->count * sizeof(*fd));
	unsigned n = 0;
	int error = 0;

	room = room > sizeof(struct abi_cmsghdr)
		   ? (room - sizeof(struct abi_cmsghdr)) / sizeof(*fd)
		   : 0;
	if (fd)
		n = reserve(r, fd, room);
	if (n < r->count)
		m->flags_out |= MSG_CTRUNC;
	if (n > 0)
		error = socket_put_control(m, SOL_SOCKET, SCM_RIGHTS, fd,
					   n * sizeof(*fd));
	for (unsigned i = 0; i < n; i++) {
		if (error) {
			fd_unreserve(fd[i]);
			continue;
		}
		file_get(r->file[i]);
		fd_fill(fd[i], r->file[i], m->flags & MSG_CMSG_CLOEXEC);
	}
	heap_free(fd);
	unix_rights_drop(r);
	return error;
}
