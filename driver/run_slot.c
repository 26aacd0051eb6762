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
#include "run_xen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "queue.h"
#include "records.h"
#include "xlconf.h"

enum {
	/* How often a client that asks for nothing is told that it can. */
	HELLO_MS = 200,
	/* Without a client, how often it is looked for one at least. */
	LOOK_MS = 1000,
	/* For a carrier to end: xl may be about to make a domain. */
	END_MS = 90000,
	/* Output that waits here before the carrier's isn't read. */
	OUT_MAX = 256 * 1024,
	PIECE = 16384,
	/* A clock that is off by less is left alone. */
	CLOCK_OFF_NS = 100000000
};

enum state {
	IDLE,	 /* waits for a request */
	ASKED,	 /* has the begin of one */
	RUNNING, /* has a carrier */
	FAILED	 /* waits for the client to go away */
};

struct slot {
	const char *busy; /* a file that is there with a request; NULL: none */
	int port, epoll;
	struct records in;
	struct queue out;   /* to the client */
	struct queue input; /* to the carrier */
	enum state state;
	bool over; /* of the client: gone, or has had enough */
	struct child carrier;
	struct xlconf conf;
	char *line, *name, *more, *command;
	char *kernel, *ramdisk;	   /* files */
	int kernel_fd, ramdisk_fd; /* -1: none yet */
	bool verbose;
};

static void fail(struct slot *s, const char *what, const char *why)
{
	records_add_text(&s->out, 'E', "the test bed: %s: %s\n", what, why);
	records_add_text(&s->out, 'X', "%d", EXIT_FAILED);
	s->state = FAILED;
}

static uint64_t number(const char *text, const char *key)
{
	char *value = records_value(text, key);
	uint64_t n = value ? strtoull(value, NULL, 10) : 0;

	free(value);
	return n;
}

static void take_request(struct slot *s, const char *text)
{
	char *nonce = records_value(text, "nonce");
	char *verbose = records_value(text, "verbose");

	s->name = records_value(text, "name");
	s->conf = (struct xlconf){.memory = number(text, "memory"),
				  .vcpus = (unsigned)number(text, "vcpus"),
				  .preserve = true};
	s->verbose = verbose != NULL;
	records_add_text(&s->out, 'A', "nonce=%s\n", nonce ? nonce : "");
	s->state = ASKED;
	if (s->busy)
		close(open(s->busy, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	free(verbose);
	free(nonce);
}

/* A piece of a file of the request. */
static void store(struct slot *s, const char *path, int *fd, const char *data,
		  size_t n)
{
	if (*fd < 0)
		*fd =
		    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while (n > 0 && s->state == ASKED) {
		ssize_t put = write(*fd, data, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			fail(s, "no room for the image and its files",
			     strerror(put < 0 ? errno : ENOSPC));
			return;
		}
		data += put;
		n -= (size_t)put;
	}
}

/* A bed may come from a snapshot: its clock is the client's. */
static void set_clock(const char *text)
{
	int64_t want = (int64_t)number(text, "time"), is;
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	is = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
	if (want <= 0 || llabs(want - is) < CLOCK_OFF_NS)
		return;
	t.tv_sec = want / 1000000000;
	t.tv_nsec = want % 1000000000;
	if (clock_settime(CLOCK_REALTIME, &t) < 0)
		warn("can't set the clock: %s", strerror(errno));
}

static bool write_config(struct slot *s, const char *path)
{
	static unsigned serial;
	FILE *f = fopen(path, "we");
	char *name;

	if (!f)
		return false;
	/* Xen wants names of domains that no other has. */
	name = xasprintf("%s-%d-%u", s->name && *s->name ? s->name : "halvm",
			 (int)getpid(), serial++);
	s->conf.name = name;
	s->conf.kernel = s->kernel;
	s->conf.ramdisk = s->ramdisk_fd >= 0 ? s->ramdisk : NULL;
	s->conf.line = s->line;
	s->conf.more = s->more;
	xlconf_write(f, &s->conf);
	free(name);
	return !(ferror(f) | fclose(f));
}

static void start(struct slot *s)
{
	char *config = path_join(temp_dir(), "config");
	char *argv[] = {"/proc/self/exe", "--carry-xl", config,
			s->verbose ? "--verbose" : NULL, NULL};

	if (s->kernel_fd < 0 || !s->conf.memory || !s->conf.vcpus) {
		fail(s, "the request", "it isn't complete");
	} else if (close(s->kernel_fd) < 0 || !write_config(s, config)) {
		fail(s, "no room for the image and its files", strerror(errno));
	} else {
		child_start(&s->carrier, argv, SIGTERM);
		fcntl(s->carrier.to, F_SETFL, O_NONBLOCK);
		s->state = RUNNING;
	}
	s->kernel_fd = -1;
	free(config);
}

/* A program of dom0's own, which reads nothing. */
static void start_command(struct slot *s)
{
	static const char *const known[] = {"xl", "xenstore-read",
					    "xenstore-ls", "xenstore-write"};
	struct strlist argv = {0};
	char *rest = s->command, *word;
	bool good = false;

	while ((word = strsep(&rest, "\n")))
		strlist_push(&argv, word);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		good = good || strcmp(argv.v[0], known[i]) == 0;
	if (good) {
		child_start(&s->carrier, argv.v, SIGTERM);
		child_close(&s->carrier.to);
		s->state = RUNNING;
	} else {
		fail(s, argv.v[0], "it isn't among the commands of dom0");
	}
	strlist_free(&argv);
}

static void take_input(struct slot *s, const char *data, size_t n)
{
	/* Late input, of a domain that is gone. */
	if (s->state != RUNNING)
		return;
	if (queue_left(&s->input) + n > RECORDS_WINDOW)
		s->in.broken = true;
	else
		queue_add(&s->input, data, n);
}

static void replace(char **where, const char *text)
{
	free(*where);
	*where = text ? xstrdup(text) : NULL;
}

/* What must come whole. */
static void take_text(struct slot *s, char type, const char *text)
{
	switch (type) {
	case 'Q':
		take_request(s, text);
		break;
	case 'C':
		replace(&s->line, text);
		break;
	case 'L':
		replace(&s->more, text);
		break;
	case 'P':
		replace(&s->command, text);
		break;
	case 'G':
		set_clock(text);
		if (s->command)
			start_command(s);
		else
			start(s);
		break;
	}
}

static void take(void *arg, char type, const char *data, size_t n, bool end)
{
	struct slot *s = arg;
	const char *text;

	if (type == 'Z') {
		s->over = true;
		s->in.broken = true; /* the rest is none of this client's */
		return;
	}
	if (s->state == FAILED)
		return;
	if (type == 'I') {
		take_input(s, data, n);
		return;
	}
	if (s->state != (type == 'Q' ? IDLE : ASKED)) {
		s->in.broken = true;
		return;
	}
	if (type == 'K') {
		store(s, s->kernel, &s->kernel_fd, data, n);
	} else if (type == 'R') {
		store(s, s->ramdisk, &s->ramdisk_fd, data, n);
	} else {
		text = records_text(&s->in, data, n, end);
		if (text)
			take_text(s, type, text);
	}
}

static void read_port(struct slot *s)
{
	char data[PIECE];
	ssize_t got = read(s->port, data, sizeof(data));

	if (got > 0)
		records_decode(&s->in, data, (size_t)got, take, s);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		s->over = true;
	if (!s->in.broken || s->over)
		return;
	if (s->state == RUNNING)
		s->over = true;
	else
		fail(s, "the request", "it isn't what is known here");
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

static void forget_request(struct slot *s)
{
	child_close(&s->kernel_fd);
	child_close(&s->ramdisk_fd);
	unlink(s->kernel);
	unlink(s->ramdisk);
	if (s->busy)
		unlink(s->busy);
	replace(&s->line, NULL);
	replace(&s->name, NULL);
	replace(&s->more, NULL);
	replace(&s->command, NULL);
	queue_free(&s->input);
}

static void close_carrier(struct slot *s)
{
	child_end(&s->carrier, END_MS);
	child_close(&s->carrier.to);
	child_close(&s->carrier.from);
	child_close(&s->carrier.err);
	s->state = IDLE;
	forget_request(s);
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
		forget_request(s);
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
