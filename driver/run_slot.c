/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A slot of a test bed, in its dom0: see run_xen.h. A loop takes a request from
 * a virtio serial port (or anything else that can be polled, for tests), has
 * --carry-xl run it, and copies what both sides say into records and out of
 * them (records.h).
 *
 * A port whose other end is closed has POLLHUP, and reads of it return 0; both
 * end with the next client (Linux: drivers/char/virtio_console.c). It may come
 * so soon that nothing of that is seen: then it says Z.
 */
#include "config.h"
#include "run_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_xen.h"
#include "util.h"

enum {
	/* How often a client that asks for nothing is told that it can. */
	HELLO_MS = 200,
	/* Without a client, how often it is looked for one at least. */
	LOOK_MS = 1000,
	/* For a carrier to end: xl may be about to make a domain. */
	END_MS = 90000,
	/* Output that waits here before the carrier's isn't read. */
	OUT_MAX = 256 * 1024,
	PIECE = 16384
};

static void read_port(struct slot *s)
{
	char data[PIECE];
	ssize_t got = read(s->port, data, sizeof(data));

	if (got > 0)
		records_decode(&s->in, data, (size_t)got, slot_take, s);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		s->over = true;
	if (!s->in.broken || s->over)
		return;
	if (s->state == RUNNING)
		s->over = true;
	else
		slot_fail(s, "the request",
			  "it isn't of this release of HaLVM: halvm-testbed "
			  "stop");
}

static void read_carrier(struct slot *s, int *fd, char type)
{
	char data[PIECE];
	ssize_t got = read(*fd, data, sizeof(data));

	if (got > 0)
		records_add(&s->out, type, data, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		child_close(fd);
}

static void write_carrier(struct slot *s)
{
	size_t before = queue_left(&s->input), taken;

	/* One that doesn't read any more ends anyway. */
	if (!queue_write(&s->input, s->carrier.to))
		queue_free(&s->input);
	taken = before - queue_left(&s->input);
	if (taken > 0)
		records_add_text(&s->out, 'W', "%zu", taken);
}

static void close_carrier(struct slot *s)
{
	child_end(&s->carrier, END_MS);
	child_close(&s->carrier.to);
	child_close(&s->carrier.from);
	child_close(&s->carrier.err);
	s->state = IDLE;
	slot_forget(s);
}

static void check_carrier(struct slot *s)
{
	int status;

	if (s->state != RUNNING || s->carrier.from >= 0 || s->carrier.err >= 0)
		return;
	child_ended(&s->carrier, END_MS);
	close_carrier(s);
	status = s->carrier.wait_status;
	records_add_text(&s->out, 'X', "%d",
			 WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED);
}

static void hello(struct slot *s)
{
	static const char text[] = RECORDS_HELLO;

	if (s->state == IDLE && !queue_left(&s->out))
		records_add(&s->out, 'H', text, sizeof(text) - 1);
}

static void turn(struct slot *s)
{
	bool runs = s->state == RUNNING;
	bool room = queue_left(&s->out) < OUT_MAX;
	struct pollfd p[] = {
	    {.fd = s->port,
	     .events =
		 (short)(POLLIN | (queue_left(&s->out) > 0 ? POLLOUT : 0))},
	    {.fd = runs && room ? s->carrier.from : -1, .events = POLLIN},
	    {.fd = runs && room ? s->carrier.err : -1, .events = POLLIN},
	    {.fd = runs && queue_left(&s->input) ? s->carrier.to : -1,
	     .events = POLLOUT},
	};
	int n = poll(p, ARRAY_SIZE(p), s->state == IDLE ? HELLO_MS : -1);

	if (n == 0)
		hello(s);
	if (n <= 0)
		return;
	if (p[1].revents)
		read_carrier(s, &s->carrier.from, 'O');
	if (p[2].revents)
		read_carrier(s, &s->carrier.err, 'E');
	if (p[3].revents)
		write_carrier(s);
	check_carrier(s);
	if ((p[0].revents & POLLOUT) && !queue_write(&s->out, s->port))
		s->over = true;
	if (p[0].revents & (POLLHUP | POLLERR))
		s->over = true;
	else if (p[0].revents & POLLIN)
		read_port(s);
}

static bool connected(const struct slot *s)
{
	struct pollfd p = {.fd = s->port, .events = POLLIN};

	return poll(&p, 1, 0) == 0 || !(p.revents & (POLLHUP | POLLERR));
}

/* Drops what the last one left, and waits for the next. */
static void wait_for_client(struct slot *s)
{
	struct epoll_event e;
	char data[PIECE];

	while (!connected(s)) {
		if (read(s->port, data, sizeof(data)) > 0)
			continue;
		/* Edge-triggered: a port without client is ready all along. */
		epoll_wait(s->epoll, &e, 1, LOOK_MS);
	}
}

static void serve(struct slot *s)
{
	records_free(&s->in);
	queue_free(&s->out);
	s->over = false;
	s->state = IDLE;
	hello(s);
	while (!s->over)
		turn(s);
	if (s->state == RUNNING)
		close_carrier(s);
	else
		slot_forget(s);
}

int run_bed_slot(const char *device, const char *busy)
{
	struct slot s = {.busy = busy,
			 .in = {.types = "QKRCLPGIZ"},
			 .kernel_fd = -1,
			 .ramdisk_fd = -1};
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET};

	signal(SIGPIPE, SIG_IGN);
	s.port = open(device, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	s.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s.port < 0 || epoll_ctl(s.epoll, EPOLL_CTL_ADD, s.port, &e) < 0)
		die(EXIT_FAILED, "can't use '%s': %s", device, strerror(errno));
	s.kernel = path_join(temp_dir(), "kernel");
	s.ramdisk = path_join(temp_dir(), "ramdisk");
	for (;;) {
		wait_for_client(&s);
		serve(&s);
	}
}
