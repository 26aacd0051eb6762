/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * console.c - descriptors 0, 1 and 2 from a provider.
 *
 * The three are placeholders from the moment the provider is entered, so dups,
 * redirection and closing are as with any descriptor.  The target's own console
 * has hidden descriptors: calls from places where the provider can't be entered
 * go there, the runtime system's last words among them.
 *
 * A description's handle is its stream and 1, as 0 is no handle.
 */
#include "provide/console.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/socket.h"

static const struct halvm_console_provider *console;
static int below[3] = {-1, -1, -1};

static long console_wait(struct provide_file *f, unsigned events,
			 int64_t timeout)
{
	return console_of(f)->wait(console_stream(f), events, timeout);
}

static stream_wait_function *wait_of(struct provide_file *f)
{
	return console_of(f)->wait ? console_wait : NULL;
}

bool console_enter(struct provide_file *f)
{
	const struct halvm_console_provider *c = console_of(f);
	long events;

	if (!c->may_enter())
		return false;
	if (!c->wait || __atomic_exchange_n(&f->stream.state, CONSOLE_ASKED,
					    __ATOMIC_RELAXED) == CONSOLE_ASKED)
		return true;
	events = c->wait(console_stream(f), STREAM_EVERY, 0);
	if (events > 0)
		ready_first(&f->stream.ready, (unsigned)events);
	return c->may_enter();
}

static long read_below(void *to, size_t n)
{
	return below[0] < 0 ? -EBADF
			    : target(read, below[0], (long)to, (long)n);
}

static long write_below(int stream, const void *from, size_t n)
{
	if (below[stream] < 0)
		return -EBADF;
	return target(write, below[stream], (long)from, (long)n);
}

static long read_part(struct provide_file *f, void *to, size_t n, bool may_wait)
{
	const struct halvm_console_provider *c = console_of(f);
	long r;

	for (;;) {
		if (!console_enter(f))
			return read_below(to, n);
		r = stream_result(c->read(to, n), n);
		if (r != -EAGAIN) {
			if (r < (long)n)
				ready_again(&f->stream.ready, POLLIN);
			return r;
		}
		ready_again(&f->stream.ready, POLLIN);
		if (!may_wait)
			return r;
		r = stream_wait(f, wait_of(f), POLLIN, STREAM_NEVER);
		if (r)
			return r;
	}
}

/* All of it, unless it may not wait. */
static long write_part(struct provide_file *f, const char *from, size_t n,
		       bool may_wait)
{
	const struct halvm_console_provider *c = console_of(f);
	int stream = console_stream(f);
	size_t done = 0;
	long r = 0;

	while (done < n) {
		if (console_enter(f))
			r = c->write(stream, from + done, n - done);
		else
			r = write_below(stream, from + done, n - done);
		r = r ? stream_result(r, n - done) : -EIO;
		if (r == -EAGAIN) {
			ready_again(&f->stream.ready, POLLOUT);
			if (may_wait)
				r = stream_wait(f, wait_of(f), POLLOUT,
						STREAM_NEVER);
		}
		if (r < 0)
			break;
		done += (size_t)r;
	}
	if (r == -EPIPE && !done)
		stream_broken();
	return done ? (long)done : r;
}

/* Whether a call may wait, or -errno: what has no place in a stream. */
static int check(struct provide_file *f, const struct provide_io *io)
{
	if (io->at != PROVIDE_AT_POSITION)
		return -ESPIPE;
	provide_close_late();
	return !(provide_flags(f) & O_NONBLOCK) && !(io->how & RWF_NOWAIT);
}

static long console_read(struct provide_file *f, const struct provide_io *io)
{
	int may_wait = check(f, io);
	long r, done = 0;

	if (may_wait < 0)
		return may_wait;
	if (console_stream(f) != 0)
		return -EBADF;
	for (unsigned i = 0; i < io->count; i++) {
		size_t n = io->vec[i].size;

		if (!n)
			continue;
		r = read_part(f, io->vec[i].base, n, may_wait && !done);
		if (r < 0)
			return done ? done : r;
		done += r;
		if ((size_t)r < n)
			break;
	}
	return done;
}

static long console_write(struct provide_file *f, const struct provide_io *io)
{
	int may_wait = check(f, io);
	long r, done = 0;

	if (may_wait < 0)
		return may_wait;
	if (console_stream(f) == 0)
		return -EBADF;
	for (unsigned i = 0; i < io->count; i++) {
		size_t n = io->vec[i].size;

		r = write_part(f, io->vec[i].base, n, may_wait);
		if (r < 0)
			return done ? done : r;
		done += r;
		if ((size_t)r < n)
			break;
	}
	return done;
}

static bool console_release(struct provide_file *f)
{
	ready_close(&f->stream.ready);
	return ready_gone(&f->stream.ready);
}

const struct provide_ops provide_console_ops = {
    .read = console_read,
    .write = console_write,
    .release = console_release,
    .status = console_status,
    .ioctl = console_ioctl,
};

/* A placeholder in the stream's descriptor.  0 or -errno. */
static int replace(int stream, const struct halvm_console_provider *table)
{
	struct provide_file *f =
	    provide_new(PROVIDE_CONSOLE, &provide_console_ops);
	long r;
	int fd;

	if (!f)
		return -ENOMEM;
	fd = ready_open(&f->stream.ready, 0, stream ? POLLOUT : 0);
	if (fd < 0) {
		provide_put(f);
		return fd;
	}
	if (fd != stream) {
		r = target(dup3, fd, stream, 0);
		target(close, fd);
		if (r < 0) {
			provide_put(f);
			return (int)r;
		}
	}
	f->flags = O_RDWR;
	f->table = table;
	__atomic_store_n(&f->handle, (halvm_handle)stream + 1,
			 __ATOMIC_RELEASE);
	provide_set(stream, f);
	console_enter(f);
	return 0;
}

static void put_back(int stream)
{
	provide_set(stream, NULL);
	if (below[stream] < 0)
		target(close, stream);
	else
		target(dup3, below[stream], stream, 0);
	provide_unhide(below[stream]);
	below[stream] = -1;
}

int halvm_provide_console(const struct halvm_console_provider *table)
{
	const struct halvm_console_provider *none = NULL;
	int error = 0, stream;

	if (!table || table->abi != HALVM_PROVIDER_ABI || !table->may_enter ||
	    !table->read || !table->write)
		return -EINVAL;
	if (!__atomic_compare_exchange_n(&console, &none, table, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return -EBUSY;
	for (stream = 0; stream < 3; stream++)
		below[stream] = (int)provide_hide(target(dup, stream));
	for (stream = 0; !error && stream < 3; stream++)
		error = replace(stream, table);
	if (!error)
		return 0;
	for (stream = 0; stream < 3; stream++)
		put_back(stream);
	__atomic_store_n(&console, NULL, __ATOMIC_RELEASE);
	return -ENOMEM;
}

int halvm_below_console(int stream)
{
	if (stream < 0 || stream > 2)
		return -EINVAL;
	if (!__atomic_load_n(&console, __ATOMIC_ACQUIRE))
		return (int)target(dup, stream);
	return below[stream] < 0 ? -EBADF : (int)target(dup, below[stream]);
}
