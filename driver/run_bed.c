/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A domain in a test bed, as a carrier: see run_xen.h, and records.h for what
 * is said and for why so much care is taken over who is listening.
 */
#include "config.h"
#include "run_xen.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "child.h"
#include "queue.h"
#include "records.h"

enum {
	/* For an answer, after which we connect again; and in all. */
	ANSWER_MS = 3000,
	ANSWERS_MS = 120000,
	/* So that dom0 sees that we went. */
	AWAY_MS = 200,
	/* For a last word to get out. */
	LAST_MS = 500,
	/* Output that waits here before the bed has to. */
	OUT_MAX = 256 * 1024,
	PIECE = 65536,
	MARK_MAX = 64
};

enum state { GREETING, ASKING, RUNNING };

struct bed {
	const struct bed_request *request;
	int socket;
	enum state state;
	char mark[MARK_MAX]; /* bytes that are waited for, of the state */
	size_t mark_len, mark_seen;
	struct records in;
	struct queue out;    /* to the bed */
	struct queue output; /* of the guest */
	size_t on_the_way;   /* input that wasn't taken yet */
	bool went;	     /* all of the request was sent */
	bool stdin_over, told;
	long long deadline; /* for the answer */
	int status;	    /* -1: none yet */
};

/* From now on the bytes of this record are looked for. */
static void expect(struct bed *b, enum state state, char type, const char *text)
{
	int n;

	b->mark[0] = type;
	put32(b->mark + 1, (uint32_t)strlen(text));
	n = snprintf(b->mark + 5, sizeof(b->mark) - 5, "%s", text);
	b->mark_len = 5 + (size_t)n;
	b->mark_seen = 0;
	b->state = state;
	b->deadline = child_now() + ANSWER_MS;
}

static void add_file(struct queue *q, char type, const char *path)
{
	size_t n;
	char *data = read_file(path, &n);

	if (!data)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	records_add(q, type, data, n);
	free(data);
}

static void add_image(struct queue *q, const struct bed_request *r)
{
	add_file(q, 'K', r->kernel);
	if (*r->ramdisk)
		add_file(q, 'R', r->ramdisk);
	records_add(q, 'C', r->line, strlen(r->line));
	if (*r->more)
		records_add(q, 'L', r->more, strlen(r->more));
}

static void add_command(struct queue *q, const struct strlist *words)
{
	char *text = strlist_join(words, "\n");

	for (size_t i = 0; i < words->n; i++)
		if (strchr(words->v[i], '\n'))
			die(EXIT_USAGE, "a word for dom0 is of one line");
	records_add(q, 'P', text, strlen(text));
	free(text);
}

static void ask(struct bed *b)
{
	const struct bed_request *r = b->request;
	char nonce[17], answer[MARK_MAX - 5];
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		die(EXIT_FAILED, "getrandom: %s", strerror(errno));
	snprintf(nonce, sizeof(nonce), "%016" PRIx64, random);
	records_add_text(
	    &b->out, 'Q', "nonce=%s\nname=%s\nmemory=%s\nvcpus=%s\n%s", nonce,
	    r->name, r->memory, r->vcpus, r->verbose ? "verbose=1\n" : "");
	if (r->command)
		add_command(&b->out, r->command);
	else
		add_image(&b->out, r);
	snprintf(answer, sizeof(answer), "nonce=%s\n", nonce);
	expect(b, ASKING, 'A', answer);
}

/* Last, so that the time is what it is when the guest starts. */
static void go(struct bed *b)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	records_add_text(&b->out, 'G', "time=%lld%09ld\n", (long long)t.tv_sec,
			 t.tv_nsec);
	b->went = true;
}

static void take(void *arg, char type, const char *data, size_t n, bool end)
{
	struct bed *b = arg;
	const char *text;
	size_t taken;

	if (type == 'O') {
		queue_add(&b->output, data, n);
		return;
	}
	if (type == 'E') {
		fwrite(data, 1, n, stderr);
		return;
	}
	text = records_text(&b->in, data, n, end);
	if (!text)
		return;
	if (type == 'W') {
		taken = strtoul(text, NULL, 10);
		b->on_the_way -= taken < b->on_the_way ? taken : b->on_the_way;
	} else if (type == 'X') {
		b->status = atoi(text) & 0xff;
		b->in.broken = true; /* the rest is none of ours */
	}
}

static void connect_again(struct bed *b);

static void bed_gone(struct bed *b)
{
	if (b->state != RUNNING) {
		connect_again(b);
		return;
	}
	die(EXIT_FAILED, "the test bed ended (halvm-testbed status)");
}

static void read_bed(struct bed *b)
{
	static char buffer[PIECE];
	const char *data = buffer;
	ssize_t got = read(b->socket, buffer, sizeof(buffer));
	size_t n, found;

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		bed_gone(b);
		return;
	}
	n = (size_t)got;
	while (b->state != RUNNING) {
		found =
		    records_find(b->mark, b->mark_len, &b->mark_seen, data, n);
		if (!found)
			return;
		data += found;
		n -= found;
		if (b->state == GREETING)
			ask(b);
		else
			b->state = RUNNING;
	}
	records_decode(&b->in, data, n, take, b);
	if (b->in.broken && b->status < 0)
		die(EXIT_FAILED, "the test bed isn't of this release of HaLVM: "
				 "halvm-testbed stop");
}

static int connect_to(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(a.sun_path))
		die(EXIT_FAILED, "can't make a socket for '%s'", path);
	strcpy(a.sun_path, path);
	/* Waits in the listener's queue while another is connected. */
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		die(EXIT_FAILED, "no test bed at '%s': %s", path,
		    strerror(errno));
	return fd;
}

static void greet(struct bed *b)
{
	b->socket = connect_to(b->request->socket);
	queue_free(&b->out);
	b->went = false;
	/* Whatever the one before us left is to end. */
	records_add(&b->out, 'Z', "", 0);
	expect(b, GREETING, 'H', RECORDS_HELLO);
}

static void connect_again(struct bed *b)
{
	static long long end;

	if (!end)
		end = child_now() + ANSWERS_MS;
	if (child_now() > end)
		die(EXIT_FAILED, "the test bed doesn't answer: halvm-testbed "
				 "stop, and try again");
	close(b->socket);
	poll(NULL, 0, AWAY_MS);
	greet(b);
}

static void read_stdin(struct bed *b)
{
	char data[RECORDS_WINDOW];
	ssize_t got = read(STDIN_FILENO, data, sizeof(data) - b->on_the_way);

	if (got > 0) {
		records_add(&b->out, 'I', data, (size_t)got);
		b->on_the_way += (size_t)got;
	} else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
		b->stdin_over = true;
	}
}

static int time_left(const struct bed *b)
{
	long long left = b->deadline - child_now();

	if (b->state == RUNNING)
		return -1;
	return left > 0 ? (int)left : 0;
}

static void turn(struct bed *b, int signals)
{
	bool reads = queue_left(&b->output) < OUT_MAX;
	bool wants = b->went && b->state == RUNNING && !b->stdin_over &&
		     b->on_the_way < RECORDS_WINDOW;
	struct pollfd p[] = {
	    {.fd = signals, .events = POLLIN},
	    {.fd = b->socket,
	     .events = (short)((reads ? POLLIN : 0) |
			       (queue_left(&b->out) ? POLLOUT : 0))},
	    {.fd = queue_left(&b->output) ? STDOUT_FILENO : -1,
	     .events = POLLOUT},
	    {.fd = wants ? STDIN_FILENO : -1, .events = POLLIN},
	};
	char sigs[16];
	int n = poll(p, ARRAY_SIZE(p), time_left(b));

	if (n == 0) {
		connect_again(b);
		return;
	}
	if (n < 0)
		return;
	if (p[0].revents && read(signals, sigs, sizeof(sigs)) > 0)
		b->told = true;
	if (p[2].revents && !queue_write(&b->output, STDOUT_FILENO))
		b->told = true;
	if (p[3].revents)
		read_stdin(b);
	if (p[1].revents & POLLOUT) {
		if (!queue_write(&b->out, b->socket))
			bed_gone(b);
		else if (!queue_left(&b->out) && b->state != GREETING &&
			 !b->went)
			go(b);
	} else if (p[1].revents) {
		read_bed(b);
	}
}

/* Nobody waits for more: dom0 is told, and does the rest by itself. */
static void say_enough(struct bed *b)
{
	long long end = child_now() + LAST_MS;
	struct pollfd p = {.fd = b->socket, .events = POLLOUT};

	records_add(&b->out, 'Z', "", 0);
	while (queue_left(&b->out) > 0 && child_now() < end) {
		int left = (int)(end - child_now());
		if (poll(&p, 1, left > 0 ? left : 0) <= 0 ||
		    !queue_write(&b->out, b->socket))
			break;
	}
}

int run_carry_bed(const struct bed_request *r)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGTERM, 0};
	struct bed b = {.request = r, .status = -1, .in = {.types = "HOEWX"}};
	int signals = child_catch_signals(ends);

	/* A command reads nothing. */
	b.stdin_over = r->command != NULL;
	greet(&b);
	while (!b.told && (b.status < 0 || queue_left(&b.output) > 0))
		turn(&b, signals);
	if (b.status < 0)
		say_enough(&b);
	close(b.socket);
	return b.told ? 0 : b.status;
}
