/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A domain of this dom0, as a carrier: see run_xen.h.
 *
 * A program xl counts here, since it takes a while to start: one creates the
 * domain, stays, and tells of its end; another destroys it. xl's configuration
 * says `preserve` whatever the end, so that nothing of the console is lost: its
 * daemon, xenconsoled, drops what it still holds of a domain that is gone.
 *
 * The daemon holds a terminal for each domain and copies what comes there to
 * and from the console's ring, in pieces of up to 2 KiB and at most 30 of them
 * in 200 ms. Run as usual it never makes a domain wait: above 1 MiB that nobody
 * reads it throws away (tools/console/daemon/io.c). So we read all the time,
 * and have the domain pause when too much waits here.
 */
#include "config.h"
#include "run_xen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "child.h"
#include "queue.h"
#include "util.h"
#include "xenstore.h"

enum {
	/* Output that waits here before the domain has to, and after. */
	OUT_MAX = 4 * 1024 * 1024,
	OUT_LOW = OUT_MAX / 4,
	/* xenconsoled comes to a domain with its terminal a moment later. */
	TTY_MS = 10000,
	TTY_LOOK_MS = 20,
	/* Quiet for so long, twice its period: it has given us all. */
	DRAIN_MS = 400,
	/* For a domain that is about to be, once we are told to end. */
	CREATE_MS = 60000,
	XL_END_MS = 5000,
	PIECE = 4096
};

struct domain {
	struct child xl; /* creates it and tells of its end */
	bool verbose;
	char line[1024]; /* of what it says */
	size_t line_len;
	char id[16]; /* "": not known yet, or gone */
	int tty;     /* -1: not open */
	struct queue in, out;
	bool stdin_over, stdout_over;
	bool paused;
	bool over;	    /* the domain has ended, or never was */
	bool told;	    /* to end it */
	long long deadline; /* then */
	int reason;	    /* why it ended; -1: not known */
};

/* Xen's public/sched.h, SHUTDOWN_*. */
enum { REASON_SUSPEND = 2 };
static const char *const reasons[] = {"poweroff", "reboot",   "suspend",
				      "crash",	  "watchdog", "soft-reset"};

static const char *xl_program(void)
{
	static const char *const names[] = {"xl", NULL};
	static const char *program;

	if (!program)
		program = host_tool("HALVM_XL", names,
				    "Xen's tool xl (Debian: the package "
				    "xen-utils-common)");
	return program;
}

/* Runs xl to its end, without our standard output: it is the console's. */
static bool xl_command(const char *command, const char *id)
{
	char *argv[] = {(char *)xl_program(), (char *)command, (char *)id,
			NULL};
	char *said;
	int status = run_capture(argv, &said);

	free(said);
	return status == 0;
}

/* xl's own words (tools/xl/xl_vmcontrol.c); others are worth to be told. */
static bool is_chatter(const char *line)
{
	static const char *const starts[] = {"Domain ", "Waiting for domain ",
					     "Action for shutdown reason ",
					     "Done. Exiting now"};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (str_starts(line, starts[i]))
			return true;
	return false;
}

static void take_line(struct domain *d, const char *line)
{
	const char *at = strstr(line, " (domid ");
	unsigned id;
	int reason;

	if (d->verbose || !is_chatter(line))
		fprintf(stderr, "%s\n", line);
	if (str_starts(line, "Waiting for domain ") && at &&
	    sscanf(at, " (domid %u)", &id) == 1)
		snprintf(d->id, sizeof(d->id), "%u", id);
	else if (sscanf(line, "Domain %u has shut down, reason code %d", &id,
			&reason) == 2)
		d->reason = reason;
	else if (str_starts(line, "Domain ") && strstr(line, " destroyed"))
		d->id[0] = 0;
}

/* What xl says; its end is the domain's. */
static void read_xl(struct domain *d)
{
	char text[512];
	ssize_t got = read(d->xl.err, text, sizeof(text));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	for (ssize_t i = 0; i < got; i++) {
		if (text[i] != '\n' && d->line_len + 1 < sizeof(d->line)) {
			d->line[d->line_len++] = text[i];
			continue;
		}
		d->line[d->line_len] = 0;
		d->line_len = 0;
		take_line(d, d->line);
	}
	if (got <= 0) {
		child_close(&d->xl.err);
		d->over = true;
	}
}

/* The path of the domain's terminal; NULL if it has none yet. */
static char *tty_path(const struct domain *d)
{
	char *key = xasprintf("/local/domain/%s/console/tty", d->id);
	const char *program = getenv("HALVM_XENSTORE_READ");
	char *argv[] = {(char *)program, key, NULL}, *path = NULL;

	if (!program || !*program)
		path = xenstore_read(key);
	else if (run_capture(argv, &path) == 0)
		path[strcspn(path, "\n")] = 0;
	else
		*path = 0;
	free(key);
	if (path && *path)
		return path;
	free(path);
	return NULL;
}

static bool open_tty(struct domain *d, const char *path)
{
	struct termios t;

	d->tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (d->tty < 0 || tcgetattr(d->tty, &t) < 0)
		return false;
	cfmakeraw(&t);
	return tcsetattr(d->tty, TCSANOW, &t) == 0;
}

static void tell_to_end(struct domain *d)
{
	if (!d->told)
		d->deadline = child_now() + CREATE_MS;
	d->told = true;
}

static void connect_console(struct domain *d)
{
	long long end = child_now() + TTY_MS;
	char *path;

	errno = 0;
	while (!(path = tty_path(d)) && child_now() < end)
		poll(NULL, 0, TTY_LOOK_MS);
	if (!path || !open_tty(d, path)) {
		warn("can't open the console %s of domain %s: %s; do "
		     "xenstored and xenconsoled run?",
		     path ? path : "", d->id, strerror(errno));
		child_close(&d->tty);
		tell_to_end(d);
	}
	free(path);
}

static void read_tty(struct domain *d)
{
	char text[PIECE];
	ssize_t got = read(d->tty, text, sizeof(text));

	if (got > 0)
		queue_add(&d->out, text, (size_t)got);
	else if (got == 0 || (errno != EINTR && errno != EAGAIN))
		/* xenconsoled makes a new one after an error. */
		child_close(&d->tty);
}

static void read_stdin(struct domain *d)
{
	char text[PIECE];
	ssize_t got = read(STDIN_FILENO, text, sizeof(text));

	if (got > 0)
		queue_add(&d->in, text, (size_t)got);
	else if (got == 0 || (errno != EINTR && errno != EAGAIN))
		d->stdin_over = true;
}

static void write_stdout(struct domain *d)
{
	if (queue_write(&d->out, STDOUT_FILENO))
		return;
	d->stdout_over = true;
	tell_to_end(d);
}

/* The domain waits while too much of its output does. */
static void hold_or_go(struct domain *d)
{
	size_t left = queue_left(&d->out);
	bool hold = d->paused ? left > OUT_LOW : left > OUT_MAX;

	if (hold == d->paused || !d->id[0] || d->over)
		return;
	if (!xl_command(hold ? "pause" : "unpause", d->id) && !hold)
		tell_to_end(d);
	d->paused = hold;
}

static int time_left(const struct domain *d, bool reads)
{
	long long left;

	if (d->told) {
		left = d->deadline - child_now();
		return left > 0 ? (int)left : 0;
	}
	return d->over && reads ? DRAIN_MS : -1;
}

/* One wait; false if there is nothing to be waited for any more. */
static bool turn(struct domain *d, int signals)
{
	bool reads = d->tty >= 0 && queue_left(&d->out) <= OUT_MAX;
	bool writes = queue_left(&d->out) > 0 && !d->stdout_over;
	struct pollfd p[] = {
	    {.fd = signals, .events = POLLIN},
	    {.fd = d->xl.err, .events = POLLIN},
	    {.fd = reads ? d->tty : -1, .events = POLLIN},
	    {.fd = queue_left(&d->in) ? d->tty : -1, .events = POLLOUT},
	    {.fd = writes ? STDOUT_FILENO : -1, .events = POLLOUT},
	    {.fd = !d->stdin_over && d->tty >= 0 && !queue_left(&d->in)
		       ? STDIN_FILENO
		       : -1,
	     .events = POLLIN},
	};
	char sigs[16];
	int n = poll(p, ARRAY_SIZE(p), time_left(d, reads));

	if (n <= 0)
		return n < 0 && errno == EINTR;
	if (p[0].revents && read(signals, sigs, sizeof(sigs)) > 0)
		tell_to_end(d);
	if (p[1].revents)
		read_xl(d);
	if (p[2].revents)
		read_tty(d);
	if (p[3].revents && d->tty >= 0 && !queue_write(&d->in, d->tty))
		child_close(&d->tty);
	if (p[4].revents)
		write_stdout(d);
	if (p[5].revents)
		read_stdin(d);
	hold_or_go(d);
	return true;
}

/* Until the domain has ended and said all, or is to be ended. */
static void pump(struct domain *d, int signals)
{
	do {
		if (d->told && (d->id[0] || d->over))
			return;
		if (d->id[0] && d->tty < 0 && !d->over)
			connect_console(d);
		if (d->over && d->tty < 0)
			return;
	} while (turn(d, signals));
}

/*
 * xl ends as well then; it may be at its last words. A domain that is being
 * saved is left to who does that.
 */
static void destroy(struct domain *d)
{
	if (!d->id[0] || d->reason == REASON_SUSPEND)
		return;
	if (!d->over)
		child_end(&d->xl, XL_END_MS);
	if (!xl_command("destroy", d->id))
		warn("the domain may still be there: xl destroy %s", d->id);
}

/* The rest of the output, as fast as it is taken. */
static void flush_output(struct domain *d, int signals)
{
	while (queue_left(&d->out) > 0 && !d->stdout_over && !d->told) {
		struct pollfd p[] = {{.fd = STDOUT_FILENO, .events = POLLOUT},
				     {.fd = signals, .events = POLLIN}};

		if (poll(p, ARRAY_SIZE(p), -1) < 0 && errno != EINTR)
			return;
		if (p[1].revents)
			return;
		if (p[0].revents)
			write_stdout(d);
	}
}

int run_carry_xl(const char *config, bool verbose)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGTERM, 0};
	char *argv[] = {(char *)xl_program(), "create", "-q", "-F", "-f",
			(char *)config,	      NULL};
	struct domain d = {.tty = -1, .reason = -1, .verbose = verbose};
	int signals = child_catch_signals(ends);

	/* To be killed with us would leave half a domain. */
	child_start(&d.xl, argv, 0);
	child_close(&d.xl.to);
	child_close(&d.xl.from);
	pump(&d, signals);
	destroy(&d);
	flush_output(&d, signals);
	child_end(&d.xl, XL_END_MS);
	if (d.told || d.reason == 0)
		return 0;
	if (d.reason > 0)
		warn("the domain's end was a %s",
		     d.reason < (int)ARRAY_SIZE(reasons) ? reasons[d.reason]
							 : "shutdown of a kind "
							   "that nobody knows");
	else if (WIFEXITED(d.xl.wait_status))
		warn("xl ended with status %d and without a word of the "
		     "domain's end",
		     WEXITSTATUS(d.xl.wait_status));
	return EXIT_FAILED;
}
