/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fdtable.c - the descriptors of the one process.
 *
 * A table of chunks of 64, made when they are first needed and kept, with a
 * bitmap of used numbers in each, and above them bitmaps of full chunks: the
 * lowest free number is found in three steps, whatever is open.
 *
 * table.lock, a spin lock of io's, guards all of it.  Under it nothing is
 * called but the heap and file_get; references are dropped after it.
 */
#include "io/file.h"
#include "arch/spin.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"

#define CHUNK 64
#define CHUNKS (FD_MAX_DEFAULT / CHUNK)

struct chunk {
	uint64_t used;	  /* installed or reserved */
	uint64_t cloexec; /* of the installed */
	struct file *file[CHUNK];
};

static struct {
	struct spinlock lock;
	uint64_t full_groups;	    /* of full[] words with all bits set */
	uint64_t full[CHUNKS / 64]; /* chunks without a free number */
	struct chunk *chunk[CHUNKS];
} table;

static unsigned fd_top = FD_MAX_DEFAULT; /* RLIMIT_NOFILE */

_Static_assert(CHUNKS % 64 == 0 && CHUNKS / 64 <= 64, "three levels");

static uint64_t bit(unsigned n)
{
	return 1UL << n % 64;
}

/* The first clear bit >= from of the word, or 64. */
static unsigned first_clear(uint64_t word, unsigned from)
{
	uint64_t clear = ~word & ~0UL << from;

	return clear ? (unsigned)__builtin_ctzl(clear) : 64;
}

/* The first chunk >= c that has a free number, or CHUNKS. */
static unsigned find_chunk(unsigned c)
{
	unsigned group = c / 64, n;

	if (c >= CHUNKS)
		return CHUNKS;
	n = first_clear(table.full[group], c % 64);
	if (n < 64)
		return group * 64 + n;
	if (group + 1 >= CHUNKS / 64)
		return CHUNKS;
	group = first_clear(table.full_groups, group + 1);
	if (group >= CHUNKS / 64)
		return CHUNKS;
	return group * 64 + first_clear(table.full[group], 0);
}

static unsigned find_free(unsigned lowest)
{
	unsigned c = lowest / CHUNK, n;

	if (lowest >= FD_MAX_DEFAULT)
		return FD_MAX_DEFAULT;
	n = table.chunk[c] ? first_clear(table.chunk[c]->used, lowest % CHUNK)
			   : lowest % CHUNK;
	if (n < CHUNK)
		return c * CHUNK + n;
	c = find_chunk(c + 1);
	if (c >= CHUNKS)
		return FD_MAX_DEFAULT;
	if (!table.chunk[c])
		return c * CHUNK;
	return c * CHUNK + first_clear(table.chunk[c]->used, 0);
}

static struct chunk *make_chunk(unsigned fd)
{
	struct chunk **c = &table.chunk[fd / CHUNK];

	if (!*c)
		*c = heap_zalloc(sizeof(**c));
	return *c;
}

/* The number gets used, or free. */
static void mark(unsigned fd, bool used)
{
	unsigned c = fd / CHUNK;
	struct chunk *chunk = table.chunk[c];

	if (!used) {
		chunk->used &= ~bit(fd);
		table.full[c / 64] &= ~bit(c);
		table.full_groups &= ~bit(c / 64);
		return;
	}
	chunk->used |= bit(fd);
	if (~chunk->used == 0) {
		table.full[c / 64] |= bit(c);
		if (~table.full[c / 64] == 0)
			table.full_groups |= bit(c / 64);
	}
}

/* Takes a number; the file is there at once, or NULL: reserved. */
static int take_number(struct file *f, int lowest, bool cloexec)
{
	unsigned long flags = spin_lock(&table.lock);
	unsigned fd;
	struct chunk *c;
	int r;

	if (lowest < 0 || (unsigned)lowest >= fd_top) {
		r = -EINVAL;
		goto out;
	}
	fd = find_free((unsigned)lowest);
	if (fd >= fd_top) {
		r = -EMFILE;
		goto out;
	}
	c = make_chunk(fd);
	if (!c) {
		r = -ENOMEM;
		goto out;
	}
	mark(fd, true);
	c->file[fd % CHUNK] = f;
	if (cloexec)
		c->cloexec |= bit(fd);
	else
		c->cloexec &= ~bit(fd);
	r = (int)fd;
out:
	spin_unlock(&table.lock, flags);
	return r;
}

int fd_install(struct file *f, int lowest, bool cloexec)
{
	int fd = take_number(f, lowest, cloexec);

	if (fd < 0)
		file_put(f);
	return fd;
}

int fd_reserve(int lowest)
{
	return take_number(NULL, lowest, false);
}

void fd_fill(int fd, struct file *f, bool cloexec)
{
	unsigned long flags = spin_lock(&table.lock);
	struct chunk *c = table.chunk[(unsigned)fd / CHUNK];

	c->file[fd % CHUNK] = f;
	if (cloexec)
		c->cloexec |= bit((unsigned)fd);
	spin_unlock(&table.lock, flags);
}

void fd_unreserve(int fd)
{
	unsigned long flags = spin_lock(&table.lock);

	mark((unsigned)fd, false);
	spin_unlock(&table.lock, flags);
}

static void file_closed(struct file *f)
{
	if (f->ops->close)
		f->ops->close(f);
	file_put(f);
}

int fd_install_at(struct file *f, int fd, bool cloexec)
{
	unsigned long flags = spin_lock(&table.lock);
	unsigned n = (unsigned)fd;
	struct file *old = f; /* what is to be dropped */
	struct chunk *c;
	int r = fd;

	if (n >= fd_top) {
		r = -EBADF;
	} else if (!(c = make_chunk(n))) {
		r = -ENOMEM;
	} else if ((c->used & bit(n)) && !c->file[n % CHUNK]) {
		r = -EBUSY;
	} else {
		old = c->file[n % CHUNK];
		mark(n, true);
		c->file[n % CHUNK] = f;
		if (cloexec)
			c->cloexec |= bit(n);
		else
			c->cloexec &= ~bit(n);
	}
	spin_unlock(&table.lock, flags);
	if (r < 0)
		file_put(old);
	else if (old)
		file_closed(old);
	return r;
}

/* The chunk of an installed descriptor, or NULL. */
static struct chunk *find(unsigned fd)
{
	struct chunk *c;

	if (fd >= FD_MAX_DEFAULT)
		return NULL;
	c = table.chunk[fd / CHUNK];
	return c && c->file[fd % CHUNK] ? c : NULL;
}

struct file *fd_get(int fd)
{
	unsigned n = (unsigned)fd;
	unsigned long flags;
	struct file *f = NULL;
	struct chunk *c;

	flags = spin_lock(&table.lock);
	c = find(n);
	if (c) {
		f = c->file[n % CHUNK];
		file_get(f);
	}
	spin_unlock(&table.lock, flags);
	return f;
}

struct file *fd_get_open(int fd)
{
	struct file *f = fd_get(fd);

	if (f && (file_flags(f) & O_PATH)) {
		file_put(f);
		return NULL;
	}
	return f;
}

/* Its file, no more in the table, or NULL. */
static struct file *take_out(unsigned fd)
{
	unsigned long flags = spin_lock(&table.lock);
	struct chunk *c = find(fd);
	struct file *f = NULL;

	if (c) {
		f = c->file[fd % CHUNK];
		c->file[fd % CHUNK] = NULL;
		c->cloexec &= ~bit(fd);
		mark(fd, false);
	}
	spin_unlock(&table.lock, flags);
	return f;
}

int fd_close(int fd)
{
	struct file *f = take_out((unsigned)fd);

	if (!f)
		return -EBADF;
	file_closed(f);
	return 0;
}

int fd_cloexec(int fd)
{
	unsigned long flags = spin_lock(&table.lock);
	struct chunk *c = find((unsigned)fd);
	int r = -EBADF;

	if (c)
		r = c->cloexec & bit((unsigned)fd) ? FD_CLOEXEC : 0;
	spin_unlock(&table.lock, flags);
	return r;
}

int fd_set_cloexec(int fd, bool on)
{
	unsigned long flags = spin_lock(&table.lock);
	struct chunk *c = find((unsigned)fd);

	if (c && on)
		c->cloexec |= bit((unsigned)fd);
	else if (c)
		c->cloexec &= ~bit((unsigned)fd);
	spin_unlock(&table.lock, flags);
	return c ? 0 : -EBADF;
}

int fd_next(int fd)
{
	unsigned long flags = spin_lock(&table.lock);
	unsigned n = fd < 0 ? 0 : (unsigned)fd;
	int r = -1;

	while (n < FD_MAX_DEFAULT) {
		if (!table.chunk[n / CHUNK]) {
			n = (n / CHUNK + 1) * CHUNK;
		} else if (find(n)) {
			r = (int)n;
			break;
		} else {
			n++;
		}
	}
	spin_unlock(&table.lock, flags);
	return r;
}

void fd_close_range(unsigned first, unsigned last, bool only_mark)
{
	int fd;

	if (first >= FD_MAX_DEFAULT)
		return;
	for (fd = fd_next((int)first); fd >= 0 && (unsigned)fd <= last;
	     fd = fd_next(fd + 1)) {
		if (only_mark)
			fd_set_cloexec(fd, true);
		else
			fd_close(fd);
	}
}

unsigned fd_limit(void)
{
	return __atomic_load_n(&fd_top, __ATOMIC_RELAXED);
}

void fd_set_limit(unsigned limit)
{
	if (limit > FD_MAX_DEFAULT)
		limit = FD_MAX_DEFAULT;
	__atomic_store_n(&fd_top, limit, __ATOMIC_RELAXED);
}
