/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stdpipe.c - standard streams as pipes.
 */
#include "io/stdpipe.h"

#include "arch/user.h"
#include "core/clock.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/stat.h"
#include "halvm/abi/termios.h"
#include "io/stdio.h"
#include "lib/string.h"

#define BUFFER_SIZE 4096
#define CHUNK 256
/* st_dev of Linux's pipes is that of a nameless file system, too. */
#define PIPE_DEVICE ABI_DEV(0, 11)
#define PIPE_MODE 0600

static struct {
	struct spinlock lock;
	char *buffer;	   /* NULL: standard input isn't a pipe */
	size_t head, tail; /* free running */
	bool ended;
} in;

int stdpipe_init(void)
{
	in.head = in.tail = 0;
	in.ended = false;
	if (!in.buffer)
		in.buffer = heap_alloc(BUFFER_SIZE);
	return in.buffer ? 0 : -ENOMEM;
}

bool stdpipe_is_open(void)
{
	return in.buffer;
}

/* Up to n bytes from or to the buffer's place `at`, within the ring. */
static size_t piece(size_t at, size_t n)
{
	size_t end = BUFFER_SIZE - at % BUFFER_SIZE;

	return n < end ? n : end;
}

size_t stdpipe_input(const char *text, size_t n)
{
	unsigned long flags = spin_lock(&in.lock);
	size_t done = 0, m;

	while (done < n && in.head - in.tail < BUFFER_SIZE) {
		m = BUFFER_SIZE - (in.head - in.tail);
		m = piece(in.head, m < n - done ? m : n - done);
		memcpy(in.buffer + in.head % BUFFER_SIZE, text + done, m);
		in.head += m;
		done += m;
	}
	spin_unlock(&in.lock, flags);
	if (done)
		wait_wake(&conmux_queue, WAIT_ALL, POLLIN | POLLRDNORM);
	return done;
}

void stdpipe_end(void)
{
	__atomic_store_n(&in.ended, true, __ATOMIC_RELEASE);
	wait_wake(&conmux_queue, WAIT_ALL, POLLHUP);
}

/* Up to n bytes out of the buffer. */
static size_t take(char *to, size_t n)
{
	unsigned long flags = spin_lock(&in.lock);
	size_t done = 0, m;

	while (done < n && in.head != in.tail) {
		m = in.head - in.tail;
		m = piece(in.tail, m < n - done ? m : n - done);
		memcpy(to + done, in.buffer + in.tail % BUFFER_SIZE, m);
		in.tail += m;
		done += m;
	}
	spin_unlock(&in.lock, flags);
	return done;
}

static size_t stored(void)
{
	return __atomic_load_n(&in.head, __ATOMIC_ACQUIRE) -
	       __atomic_load_n(&in.tail, __ATOMIC_ACQUIRE);
}

static bool ended(void)
{
	return __atomic_load_n(&in.ended, __ATOMIC_ACQUIRE);
}

static long pipe_read(struct file *f, struct uio *to, uint64_t *pos)
{
	char chunk[CHUNK];
	long total = 0;
	int error = 0;

	(void)pos;
	while (to->left) {
		size_t n = take(chunk, to->left < CHUNK ? to->left : CHUNK);

		if (n) {
			error = uio_write(to, chunk, n);
			if (error)
				break;
			total += (long)n;
		} else if (total || (ended() && !stored()))
			break;
		else if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		else if (wait_until(&conmux_queue, stored() || ended(),
				    DEADLINE_NEVER, SLEEP_INTERRUPTIBLE))
			return -ERESTARTSYS;
	}
	conmux_resume();
	return total ? total : error;
}

static uint32_t pipe_poll_input(struct file *f)
{
	bool end = ended();

	(void)f;
	return (stored() ? POLLIN | POLLRDNORM : 0) | (end ? POLLHUP : 0);
}

static long pipe_ioctl_input(struct file *f, unsigned long request,
			     uintptr_t argument)
{
	uint32_t n = (uint32_t)stored();

	(void)f;
	if (request != FIONREAD)
		return -ENOTTY;
	return user_write((void *)argument, &n, sizeof(n));
}

static const struct stdio_writer writer = {conmux_write, conmux_has_room};

static long pipe_write(struct file *f, struct uio *from, uint64_t *pos)
{
	(void)pos;
	return stdio_write(f, from, &writer);
}

static uint32_t pipe_poll_output(struct file *f)
{
	(void)f;
	return conmux_is_writable() ? POLLOUT | POLLWRNORM : 0;
}

static int pipe_stat(struct file *f, struct abi_stat *st)
{
	uint64_t now = clock_wall();
	struct abi_timespec64 time = {(int64_t)(now / NS_PER_SEC),
				      (int64_t)(now % NS_PER_SEC)};

	memset(st, 0, sizeof(*st));
	st->dev = PIPE_DEVICE;
	st->ino = (uint64_t)(uintptr_t)f->data;
	st->nlink = 1;
	st->mode = S_IFIFO | PIPE_MODE;
	st->block_size = BUFFER_SIZE;
	st->atime = st->mtime = st->ctime = time;
	return 0;
}

static long pipe_seek(struct file *f, int64_t offset, int whence)
{
	(void)f;
	(void)offset;
	(void)whence;
	return -ESPIPE;
}

static const struct file_ops input_ops = {
    .read = pipe_read,
    .poll = pipe_poll_input,
    .ioctl = pipe_ioctl_input,
    .seek = pipe_seek,
    .stat = pipe_stat,
};

static const struct file_ops output_ops = {
    .write = pipe_write,
    .poll = pipe_poll_output,
    .seek = pipe_seek,
    .stat = pipe_stat,
};

static struct file *open(const struct file_ops *ops, void *data, uint32_t flags)
{
	struct file *f = file_create(ops, data, flags);

	if (f)
		f->poll_queue = &conmux_queue;
	return f;
}

struct file *stdpipe_open_input(void)
{
	return open(&input_ops, stdio_data('i'), O_RDONLY);
}

struct file *stdpipe_open_output(enum conmux_channel channel)
{
	return open(&output_ops, stdio_data(channel), O_WRONLY);
}
