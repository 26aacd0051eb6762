/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe.h - pipes: a buffer between those who write and those who read it
 * (pipe(7)).
 */
#ifndef IO_PIPE_H
#define IO_PIPE_H

#include "io/file.h"

#define PIPE_BUF 4096 /* writes up to this size are atomic: limits.h */
#define PIPE_PAGES 16 /* Linux's default: 64 KiB */

/*
 * `lock` guards all; poll reads single words without it.  Order: a sleeping
 * mutex; under it memory of the program is touched, the queue is woken and
 * pages are allocated.
 */
struct pipe {
	struct mutex lock;
	struct wait_queue queue;   /* readers and writers, by their events */
	unsigned readers, writers; /* open files of that kind */
	unsigned reader_opens, writer_opens; /* ever; for FIFOs */
	size_t used;			     /* bytes */
	size_t read_at;			     /* place in the ring */
	unsigned pages;			     /* the ring's size; 2^n */
	char **page; /* each made when it is needed, or NULL */
	char *first_pages[PIPE_PAGES];
};

/* Both ends.  -ENOMEM */
int pipe_create(uint32_t flags, struct file *end[2]);

/* For FIFOs (fifo.c), whose files have an ops table of their own. */
struct pipe *pipe_new(void);
void pipe_free(struct pipe *p);
long pipe_read(struct file *f, struct uio *to, uint64_t *pos);
long pipe_write(struct file *f, struct uio *from, uint64_t *pos);
uint32_t pipe_poll(struct file *f);
long pipe_ioctl(struct file *f, unsigned long request, uintptr_t argument);
long pipe_control(struct file *f, unsigned request, uintptr_t argument);
/* A file of it goes: true if it was the last. */
bool pipe_leave(struct pipe *p, const struct file *f);

#endif
