/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs.c - the file system of /proc: a read-only tree of nodes.
 *
 * The text of a file is made when it is read from its start, so a second read
 * from there sees news, and one that goes on sees what it began with.
 * inode->lock guards it.
 */
#include "io/procfs.h"
#include "core/clock.h"
#include "core/heap.h"
#include "io/file.h"
#include "io/procfs_node.h"
#include "lib/format.h"
#include "lib/string.h"

#define PROC_DEVICE ABI_DEV(0, 21)
#define FIRST_TEXT 512
#define WRITE_MAX 64
#define FIRST_PLACE 2 /* of listings, after "." and ".." */

static struct fs proc_fs = {
    .type = "proc",
    .device = PROC_DEVICE,
    .read_only = true,
    .tree = MUTEX_INIT(proc_fs.tree),
    .magic = PROC_SUPER_MAGIC,
};

/* --- text ----------------------------------------------------------------- */

static bool make_room(struct proc_text *t, size_t n)
{
	size_t size = t->size ? t->size : FIRST_TEXT;
	char *buf;

	while (size - t->used <= n)
		size *= 2;
	if (size == t->size)
		return true;
	buf = heap_resize(t->buf, t->size, size);
	if (!buf) {
		t->failed = true;
		return false;
	}
	t->buf = buf;
	t->size = size;
	return true;
}

void proc_add_bytes(struct proc_text *t, const void *bytes, size_t n)
{
	if (!make_room(t, n))
		return;
	memcpy(t->buf + t->used, bytes, n);
	t->used += n;
}

void proc_add(struct proc_text *t, const char *fmt, ...)
{
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = format_va(NULL, 0, fmt, args);
	va_end(args);
	if (!make_room(t, n))
		return;
	va_start(args, fmt);
	t->used += format_va(t->buf + t->used, t->size - t->used, fmt, args);
	va_end(args);
}

/* --- open files ----------------------------------------------------------- */

static int make_text(struct file *f)
{
	struct proc_inode *p = proc_of(f->inode);
	struct proc_text *t = f->data;

	t->used = 0;
	t->failed = false;
	p->node->text(t, p->number);
	return t->failed ? -ENOMEM : 0;
}

static long text_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct proc_text *t = f->data;
	size_t n = 0;
	int error = 0;

	mutex_lock(&f->inode->lock);
	if (*pos == 0 || !t->buf)
		error = make_text(f);
	if (!error && *pos < t->used) {
		n = t->used - *pos < to->left ? t->used - *pos : to->left;
		error = uio_write(to, t->buf + *pos, n);
	}
	mutex_unlock(&f->inode->lock);
	if (error)
		return error;
	*pos += n;
	return (long)n;
}

static long text_write(struct file *f, struct uio *from, uint64_t *pos)
{
	struct proc_inode *p = proc_of(f->inode);
	char text[WRITE_MAX];
	size_t n = from->left;
	int error;

	if (n > sizeof(text))
		return -EINVAL;
	error = uio_read(text, from, n);
	if (!error)
		error = p->node->write(text, n, p->number);
	if (error)
		return error;
	*pos += n;
	return (long)n;
}

static void text_release(struct file *f)
{
	struct proc_text *t = f->data;

	heap_free(t->buf);
	heap_free(t);
	inode_put(f->inode);
}

static const struct file_ops text_ops = {
    .read = text_read,
    .write = text_write,
    .seek = file_seek_from,
    .release = text_release,
};

static int text_open(struct inode *inode, uint32_t flags, struct file **file)
{
	struct proc_text *t;
	struct file *f;

	if ((flags & O_ACCMODE) != O_RDONLY && !proc_of(inode)->node->write)
		return -EROFS;
	t = heap_zalloc(sizeof(*t));
	f = t ? file_create(&text_ops, t, flags) : NULL;
	if (!f) {
		heap_free(t);
		return -ENOMEM;
	}
	f->inode = inode_get(inode);
	f->has_pos = true;
	*file = f;
	return 0;
}

/* --- inodes --------------------------------------------------------------- */

static const struct inode_ops dir_inode_ops, text_inode_ops, link_inode_ops;

static const struct inode_ops *ops_of(const struct proc_node *node)
{
	if (node->ops)
		return node->ops;
	if (S_ISDIR(node->mode))
		return &dir_inode_ops;
	return node->text ? &text_inode_ops : &link_inode_ops;
}

/* A node's number: the address of what is constant, and which of many. */
static uint64_t number_of(const struct proc_node *node, int number)
{
	return (uint32_t)(uintptr_t)node | (uint64_t)(unsigned)(number + 1)
					       << 32;
}

static int make_inode(struct inode *dir, const struct proc_node *node,
		      int number, struct inode **made)
{
	struct proc_inode *p = heap_zalloc(sizeof(*p));

	if (!p)
		return -ENOMEM;
	inode_init(&p->inode, ops_of(node), &proc_fs, node->mode,
		   (uint64_t)clock_wall_offset());
	p->inode.ino = number_of(node, number);
	p->inode.links = S_ISDIR(node->mode) ? 2 : 1;
	p->inode.parent = dir ? inode_get(dir) : NULL;
	p->node = node;
	p->number = number;
	*made = &p->inode;
	return 0;
}

void proc_release(struct inode *inode)
{
	heap_free(inode);
}

int proc_name_of(struct inode *inode, struct inode **dir, struct vfs_name *name)
{
	struct proc_inode *p = proc_of(inode);

	*dir = inode->parent;
	name->text = p->name[0] ? p->name : p->node->name;
	name->length = strlen(name->text);
	return 0;
}

static bool name_is(struct vfs_name name, const char *text)
{
	return text[0] == name.text[0] &&
	       strncmp(text, name.text, name.length) == 0 && !text[name.length];
}

/* In a directory of numbers: "0" or without a zero at its start. */
static int lookup_number(struct proc_inode *p, struct vfs_name name,
			 struct inode **found)
{
	char text[PROC_NAME_SIZE];
	uint64_t value = 0;
	int error;

	if (name.length >= sizeof(text))
		return -ENOENT;
	for (size_t i = 0; i < name.length; i++) {
		if (name.text[i] < '0' || name.text[i] > '9')
			return -ENOENT;
		value = value * 10 + (uint64_t)(name.text[i] - '0');
	}
	format(text, sizeof(text), "%lu", value);
	if (value > INT32_MAX || !name_is(name, text) ||
	    p->node->next((int)value) != (int)value)
		return -ENOENT;
	error = make_inode(&p->inode, p->node->each, (int)value, found);
	if (!error)
		memcpy(proc_of(*found)->name, text, sizeof(text));
	return error;
}

static int dir_lookup(struct inode *dir, struct vfs_name name,
		      struct inode **found)
{
	struct proc_inode *p = proc_of(dir);

	if (p->node->next)
		return lookup_number(p, name, found);
	for (const struct proc_node *n = p->node->children; n->name; n++)
		if (name_is(name, n->name))
			return make_inode(dir, n, p->number, found);
	return -ENOENT;
}

static int list_numbers(struct proc_inode *p, uint64_t *pos,
			struct directory_sink *sink)
{
	const struct proc_node *each = p->node->each;
	int n;

	while (*pos - FIRST_PLACE <= INT32_MAX &&
	       (n = p->node->next((int)(*pos - FIRST_PLACE))) >= 0) {
		uint64_t next = (uint64_t)n + 1 + FIRST_PLACE;
		char text[PROC_NAME_SIZE];
		struct vfs_name name = {text, 0};

		name.length = format(text, sizeof(text), "%d", n);
		if (!sink->add(sink, name, number_of(each, n), each->mode,
			       next))
			break;
		*pos = next;
	}
	return 0;
}

static int dir_list(struct inode *dir, uint64_t *pos,
		    struct directory_sink *sink)
{
	struct proc_inode *p = proc_of(dir);
	uint64_t place = FIRST_PLACE;

	if (p->node->next)
		return list_numbers(p, pos, sink);
	for (const struct proc_node *n = p->node->children; n->name; n++) {
		struct vfs_name name = {n->name, strlen(n->name)};

		if (place++ < *pos)
			continue;
		if (!sink->add(sink, name, number_of(n, p->number), n->mode,
			       place))
			break;
		*pos = place;
	}
	return 0;
}

static long link_read(struct inode *inode, char *to, size_t size)
{
	const char *target = proc_of(inode)->node->target;
	size_t n;

	if (!target)
		return (long)proc_exe(to, size);
	n = strlen(target);
	n = n < size ? n : size;
	memcpy(to, target, n);
	return (long)n;
}

static const struct inode_ops dir_inode_ops = {
    .lookup = dir_lookup,
    .list = dir_list,
    .name_of = proc_name_of,
    .release = proc_release,
};

static const struct inode_ops text_inode_ops = {
    .writable = true,
    .name_of = proc_name_of,
    .open = text_open,
    .release = proc_release,
};

static const struct inode_ops link_inode_ops = {
    .name_of = proc_name_of,
    .read_link = link_read,
    .release = proc_release,
};

struct inode *procfs_root(void)
{
	struct inode *root;

	return make_inode(NULL, &procfs_root_node, -1, &root) ? NULL : root;
}
