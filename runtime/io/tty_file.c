/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty_file.c - the terminal as an open file.
 */
#include "core/clock.h"
#include "core/process.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/stat.h"
#include "io/devfs.h"
#include "io/devfs.h"
#include "io/stdio.h"
#include "io/tty_state.h"
#include "lib/string.h"

#define CHUNK 256
#define TTY_MODE 0620
#define TTY_BLOCK 1024
#define TENTH (NS_PER_SEC / 10) /* VTIME's unit */

/* Out of the buffer: at most n bytes, in canonical mode of one line. */
struct taken {
	size_t n;
	bool line_done;
};

static struct taken take_canonical(char *to, size_t n)
{
	struct taken t = {0, false};
	const struct tty_buffer *b = tty.buffer;

	while (t.n < n && tty.tail != tty.canon && !t.line_done) {
		size_t at = tty.tail++;

		t.line_done = tty_bit(b->ends, at);
		if (!tty_bit(b->marks, at))
			to[t.n++] = (char)tty_byte(at);
	}
	/* End-of-file right behind what fits is not a line of its own. */
	if (!t.line_done && t.n && tty.tail != tty.canon &&
	    tty_bit(b->marks, tty.tail)) {
		tty.tail++;
		t.line_done = true;
	}
	return t;
}

static struct taken take(char *to, size_t n)
{
	unsigned long flags = spin_lock(&tty.lock);
	struct taken t = {0, false};

	if (tty.mode.lflag & ICANON)
		t = take_canonical(to, n);
	else
		for (; t.n < n && tty.tail != tty.head; tty.tail++)
			if (!tty_bit(tty.buffer->marks, tty.tail))
				to[t.n++] = (char)tty_byte(tty.tail);
	if ((intptr_t)(tty.canon - tty.tail) < 0)
		tty.canon = tty.tail;
	spin_unlock(&tty.lock, flags);
	return t;
}

static bool may_read(void)
{
	unsigned long flags = spin_lock(&tty.lock);
	bool may = tty_readable() || tty.ended;

	spin_unlock(&tty.lock, flags);
	return may;
}

/* How a read that has got `total` bytes goes on (termios(3), VMIN). */
struct patience {
	bool enough;
	uint64_t deadline;
};

static struct patience patience(size_t total, size_t asked, uint64_t begin)
{
	unsigned long flags = spin_lock(&tty.lock);
	bool canonical = tty.mode.lflag & ICANON;
	size_t min = tty.mode.cc[VMIN];
	uint64_t time = tty.mode.cc[VTIME] * TENTH;
	struct patience p = {false, DEADLINE_NEVER};

	spin_unlock(&tty.lock, flags);
	if (canonical) {
		p.enough = total;
		return p;
	}
	if (min > asked)
		min = asked;
	if (min == 0) {
		p.enough = total || !time;
		p.deadline = begin + time;
	} else {
		p.enough = total >= min;
		if (time && total)
			p.deadline = clock_now() + time;
	}
	return p;
}

/* 0: look again; 1: the read is over; or -errno. */
static int wait_for_input(struct file *f, size_t total, size_t asked,
			  uint64_t begin)
{
	struct patience p = patience(total, asked, begin);
	int error;

	if (p.enough || __atomic_load_n(&tty.ended, __ATOMIC_ACQUIRE))
		return !may_read() || p.enough || !tty_readable();
	if (f->flags & O_NONBLOCK)
		return -EAGAIN;
	error = wait_until(&conmux_queue, may_read(), p.deadline,
			   SLEEP_INTERRUPTIBLE);
	if (error == -ETIMEDOUT)
		return 1;
	return error ? -ERESTARTSYS : 0;
}

static long tty_read(struct file *f, struct uio *to, uint64_t *pos)
{
	size_t asked = to->left;
	uint64_t begin = clock_now();
	char chunk[CHUNK];
	long total = 0;
	int end = 0;

	(void)pos;
	while (to->left && !end) {
		struct taken t =
		    take(chunk, to->left < CHUNK ? to->left : CHUNK);

		if (t.n) {
			end = uio_write(to, chunk, t.n);
			if (!end)
				total += (long)t.n;
		}
		if (t.line_done)
			end = end ? end : 1;
		else if (!t.n)
			end = wait_for_input(f, (size_t)total, asked, begin);
	}
	conmux_resume();
	return total || end > 0 ? total : end;
}

static size_t put(enum conmux_channel channel, const char *text, size_t n)
{
	unsigned long flags = spin_lock(&tty.lock);
	size_t done = tty.stopped ? 0 : tty_put(channel, text, n);

	spin_unlock(&tty.lock, flags);
	return done;
}

static bool ready(void)
{
	return !__atomic_load_n(&tty.stopped, __ATOMIC_ACQUIRE) &&
	       conmux_has_room();
}

static const struct stdio_writer writer = {put, ready};

static long tty_write(struct file *f, struct uio *from, uint64_t *pos)
{
	(void)pos;
	return stdio_write(f, from, &writer);
}

static uint32_t tty_poll(struct file *f)
{
	unsigned long flags = spin_lock(&tty.lock);
	const uint8_t *cc = tty.mode.cc;
	bool counted = !(tty.mode.lflag & ICANON) && !cc[VTIME] && cc[VMIN];
	size_t n = tty_readable();
	uint32_t events = 0;

	(void)f;
	if (n >= (counted ? cc[VMIN] : 1) || tty.ended)
		events |= POLLIN | POLLRDNORM;
	if (!tty.stopped && conmux_is_writable())
		events |= POLLOUT | POLLWRNORM;
	spin_unlock(&tty.lock, flags);
	return events;
}

static int tty_stat(struct file *f, struct abi_stat *st)
{
	uint64_t now = clock_wall();
	struct abi_timespec64 time = {(int64_t)(now / NS_PER_SEC),
				      (int64_t)(now % NS_PER_SEC)};

	(void)f;
	memset(st, 0, sizeof(*st));
	st->dev = TTY_DEVICE;
	st->ino = TTY_INODE;
	st->nlink = 1;
	st->mode = S_IFCHR | TTY_MODE;
	st->rdev = TTY_RDEV;
	st->block_size = TTY_BLOCK;
	st->atime = st->mtime = st->ctime = time;
	return 0;
}

static long tty_seek(struct file *f, int64_t offset, int whence)
{
	(void)f;
	(void)offset;
	(void)whence;
	return -ESPIPE;
}

static const struct file_ops ops = {
    .read = tty_read,
    .write = tty_write,
    .poll = tty_poll,
    .ioctl = tty_ioctl,
    .seek = tty_seek,
    .stat = tty_stat,
};

struct file *tty_open_channel(uint32_t flags, enum conmux_channel channel)
{
	struct file *f =
	    tty.buffer ? file_create(&ops, stdio_data(channel), flags) : NULL;

	if (f)
		f->poll_queue = &conmux_queue;
	return f;
}

struct file *tty_open(uint32_t flags)
{
	return tty_open_channel(flags, tty.echo ? tty.echo : CONMUX_STDOUT);
}
