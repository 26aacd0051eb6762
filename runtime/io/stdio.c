/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stdio.c - making descriptors 0, 1 and 2; writing to the console.
 */
#include "io/stdio.h"

#include "core/panic.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/fcntl.h"
#include "halvm/abi/poll.h"
#include "io/stdpipe.h"
#include "io/tty.h"
#include "io/vfs.h"

#define CHUNK 256

/* Whose write it is; the others wait. */
static struct {
	struct spinlock lock;
	bool taken;
	struct wait_queue queue;
} turn = {.queue = WAIT_QUEUE_INIT(turn.queue)};

static bool turn_try(void)
{
	unsigned long flags = spin_lock(&turn.lock);
	bool got = !turn.taken;

	turn.taken = true;
	spin_unlock(&turn.lock, flags);
	return got;
}

static int turn_take(bool nonblock)
{
	if (turn_try())
		return 0;
	if (nonblock)
		return -EAGAIN;
	return wait_until(&turn.queue, turn_try(), DEADLINE_NEVER,
			  SLEEP_INTERRUPTIBLE)
		   ? -ERESTARTSYS
		   : 0;
}

static void turn_give(void)
{
	unsigned long flags = spin_lock(&turn.lock);

	turn.taken = false;
	spin_unlock(&turn.lock, flags);
	wait_wake(&turn.queue, 1, 0);
}

/* All n bytes; returns how many before it had to end, *error why. */
static size_t put_all(struct file *f, const char *text, size_t n,
		      const struct stdio_writer *writer, int *error)
{
	enum conmux_channel channel = stdio_channel(f);
	size_t done = 0;

	for (;;) {
		done += writer->put(channel, text + done, n - done);
		if (done == n)
			return done;
		if (f->flags & O_NONBLOCK)
			*error = -EAGAIN;
		else if (wait_until(&conmux_queue, writer->ready(),
				    DEADLINE_NEVER, SLEEP_INTERRUPTIBLE))
			*error = -ERESTARTSYS;
		if (*error)
			return done;
	}
}

long stdio_write(struct file *f, struct uio *from,
		 const struct stdio_writer *writer)
{
	int error = turn_take(f->flags & O_NONBLOCK);
	char chunk[CHUNK];
	long total = 0;

	if (error)
		return error;
	while (from->left && !error) {
		size_t n = from->left < CHUNK ? from->left : CHUNK;

		error = uio_read(chunk, from, n);
		if (!error)
			total += (long)put_all(f, chunk, n, writer, &error);
	}
	turn_give();
	return total ? total : error;
}

static size_t input_data(const char *text, size_t n)
{
	return stdpipe_is_open() ? stdpipe_input(text, n) : tty_input(text, n);
}

static void input_end(void)
{
	if (stdpipe_is_open())
		stdpipe_end();
	else
		tty_end();
}

static void input_signal(int sig)
{
	signal_send(NULL, sig, NULL);
}

static void input_window(unsigned rows, unsigned columns)
{
	tty_resize(rows, columns);
}

static const struct conmux_input input = {
    .data = input_data,
    .end = input_end,
    .signal = input_signal,
    .window = input_window,
};

static int install(int fd, bool is_pipe, enum conmux_channel channel)
{
	struct file *f;

	if (!is_pipe)
		f = tty_open_channel(O_RDWR, channel);
	else if (fd == 0)
		f = stdpipe_open_input();
	else
		f = stdpipe_open_output(channel);
	if (!f)
		return -ENOMEM;
	fd = fd_install_at(f, fd, false);
	return fd < 0 ? fd : 0;
}

/* /dev/tty, /dev/console: the terminal, if there is one. */
static int open_console(uint32_t flags, struct file **file)
{
	if (!tty_exists())
		return -ENXIO;
	*file = tty_open(flags);
	return *file ? 0 : -ENOMEM;
}

int stdio_init(const struct stdio_config *config)
{
	static const enum conmux_channel channels[] = {
	    CONMUX_STDOUT, CONMUX_STDOUT, CONMUX_STDERR};
	const bool *is_pipe = config->is_pipe;
	int error = 0;

	if (is_pipe[0])
		error = stdpipe_init();
	if (!error && !(is_pipe[0] && is_pipe[1] && is_pipe[2]))
		error = tty_init(config->rows, config->columns);
	if (error)
		return error;
	/* What comes is for the pipe: a reader of /dev/tty finds the end. */
	if (is_pipe[0] && tty_exists())
		tty_end();
	tty_set_echo(!is_pipe[1]   ? CONMUX_STDOUT
		     : !is_pipe[2] ? CONMUX_STDERR
				   : 0);
	conmux_init(config->console, config->framed, !is_pipe[1], &input);
	log_output = conmux_log;
	panic_output = conmux_panic;
	status_output = conmux_exit;
	vfs_open_console = open_console;
	for (int fd = 0; fd < 3 && !error; fd++)
		if (!config->is_closed[fd])
			error = install(fd, is_pipe[fd], channels[fd]);
	return error;
}

int stdio_start(void)
{
	return conmux_start();
}
