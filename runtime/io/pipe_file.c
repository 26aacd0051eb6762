/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe_file.c - making pipes, their size (F_SETPIPE_SZ), their end.
 */
#include "io/pipe.h"
#include "arch/page.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/anon.h"

/* /proc/sys/fs/pipe-max-size */
#define SIZE_LARGEST (1UL << 20)

struct pipe *pipe_new(void)
{
	struct pipe *p = heap_zalloc(sizeof(*p));

	if (!p)
		return NULL;
	mutex_init(&p->lock);
	wait_queue_init(&p->queue);
	p->pages = PIPE_PAGES;
	p->page = p->first_pages;
	return p;
}

void pipe_free(struct pipe *p)
{
	for (unsigned i = 0; i < p->pages; i++)
		heap_free(p->page[i]);
	if (p->page != p->first_pages)
		heap_free(p->page);
	heap_free(p);
}

/*
 * Moves the pages that hold bytes into another array.  If the last bytes share
 * a page with the first ones, they get one of their own.
 */
static int move_pages(struct pipe *p, char **to, unsigned pages)
{
	size_t start = p->read_at % PAGE_SIZE;
	unsigned first = (unsigned)(p->read_at / PAGE_SIZE);
	unsigned n = (unsigned)((start + p->used + PAGE_SIZE - 1) / PAGE_SIZE);

	if (n > pages)
		return -EBUSY;
	if (n > p->pages) {
		char *last = heap_alloc(PAGE_SIZE);

		if (!last)
			return -ENOMEM;
		memcpy(last, p->page[first], (start + p->used) % PAGE_SIZE);
		to[--n] = last;
	}
	for (unsigned i = 0; i < n; i++) {
		to[i] = p->page[(first + i) % p->pages];
		p->page[(first + i) % p->pages] = NULL;
	}
	for (unsigned i = 0; i < p->pages; i++)
		heap_free(p->page[i]);
	p->read_at = start;
	return 0;
}

/* pipe's lock is held. */
static long set_size(struct pipe *p, uintptr_t size)
{
	unsigned pages = 1;
	char **to;
	int error;

	if (size > SIZE_LARGEST)
		return -EPERM;
	while (pages * PAGE_SIZE < size)
		pages *= 2;
	if (pages == p->pages)
		return (long)(pages * PAGE_SIZE);
	to = heap_zalloc(pages * sizeof(*to));
	if (!to)
		return -ENOMEM;
	error = move_pages(p, to, pages);
	if (error) {
		heap_free(to);
		return error;
	}
	if (p->page != p->first_pages)
		heap_free(p->page);
	p->page = to;
	__atomic_store_n(&p->pages, pages, __ATOMIC_RELAXED);
	file_wake(&p->queue, POLLOUT | POLLWRNORM);
	return (long)(pages * PAGE_SIZE);
}

long pipe_control(struct file *f, unsigned request, uintptr_t argument)
{
	struct pipe *p = f->data;
	long r = -EINVAL;

	mutex_lock(&p->lock);
	if (request == F_GETPIPE_SZ)
		r = (long)(p->pages * PAGE_SIZE);
	else if (request == F_SETPIPE_SZ)
		r = set_size(p, argument);
	mutex_unlock(&p->lock);
	return r;
}

static int pipe_stat(struct file *f, struct abi_stat *st)
{
	return anon_stat(st, S_IFIFO | ANON_MODE, f->data);
}

static void pipe_release(struct file *f)
{
	if (pipe_leave(f->data, f))
		pipe_free(f->data);
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .control = pipe_control,
    .stat = pipe_stat,
    .release = pipe_release,
};

int pipe_create(uint32_t flags, struct file *end[2])
{
	struct pipe *p = pipe_new();

	if (!p)
		return -ENOMEM;
	end[0] = file_create(&pipe_ops, p, flags | O_RDONLY);
	end[1] = file_create(&pipe_ops, p, flags | O_WRONLY);
	if (!end[0] || !end[1]) {
		heap_free(end[0]);
		heap_free(end[1]);
		pipe_free(p);
		return -ENOMEM;
	}
	p->readers = p->writers = 1;
	p->reader_opens = p->writer_opens = 1;
	end[0]->poll_queue = end[1]->poll_queue = &p->queue;
	return 0;
}
