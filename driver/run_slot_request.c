/* SPDX-License-Identifier: BSD-3-Clause */
/* A slot's requests, and the start of what they ask for: see run_slot.h. */
#include "config.h"
#include "run_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

/* A clock that is off by less is left alone. */
enum { CLOCK_OFF_NS = 100000000 };

void slot_fail(struct slot *s, const char *what, const char *why)
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
			slot_fail(s, "no room for the image and its files",
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
		slot_fail(s, "the request", "it isn't complete");
	} else if (close(s->kernel_fd) < 0 || !write_config(s, config)) {
		slot_fail(s, "no room for the image and its files",
			  strerror(errno));
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
		slot_fail(s, argv.v[0], "it isn't among the commands of dom0");
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

void slot_take(void *arg, char type, const char *data, size_t n, bool end)
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

void slot_forget(struct slot *s)
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
