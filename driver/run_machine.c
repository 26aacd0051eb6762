/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parent of what carries a machine: see run.h.
 *
 * One loop waits for all there is: the guest, standard input, signals (by a
 * pipe of our own), the time limit. What the guest says is written as it
 * comes, in pieces that a pipe with room takes at once; so a reader that is
 * slow holds up the guest and nothing else. Standard input is read only when
 * the last piece has gone to the carrier.
 */
#include "config.h"
#include "run_machine.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	/* Two of a signal within so many ms end a guest that doesn't listen. */
	TWICE_MS = 2000,
	/* Of a signal within so many ms are one. */
	SAME_MS = 100,
	/* For QEMU to end once the guest said its status, or is told to. */
	END_MS = 1000,
	/* A shell that brings us to the foreground doesn't say so. */
	BACKGROUND_MS = 500,
	/* The longest wait, so that it fits poll's argument. */
	WAIT_MAX_MS = 1000000,
	/* Descriptors that the loop waits for, beside that of signals. */
	WAIT_MAX = 4
};

static int signals; /* descriptor */

/* Room for a record is always there: signals come one by one. */
static void send_record(struct machine *m, const char *text, size_t n)
{
	if (sizeof(m->out) - m->out_len < n)
		return;
	memcpy(m->out + m->out_len, text, n);
	m->out_len += n;
}

static void send_mark(struct machine *m, char mark)
{
	char text[FRAMES_RECORD_MAX];

	send_record(m, text, frames_mark(mark, text));
}

static void flush_to_guest(struct machine *m)
{
	ssize_t put =
	    write(m->child.to, m->out + m->out_at, m->out_len - m->out_at);

	if (put > 0)
		m->out_at += (size_t)put;
	else if (put < 0 && errno != EAGAIN && errno != EINTR)
		m->out_at = m->out_len; /* it ended: its output says so */
	if (m->out_at == m->out_len)
		m->out_at = m->out_len = 0;
}

/* Ctrl-C twice in a row, on a terminal that is the guest's. */
static bool typed_twice(struct machine *m, const char *text, size_t n)
{
	static const char interrupt = 'C' & 0x1f;

	for (size_t i = 0; m->terminal && i < n; i++) {
		if (text[i] != interrupt)
			continue;
		int64_t now = child_now();
		if (m->interrupt_byte && now - m->interrupt_byte < TWICE_MS)
			return true;
		m->interrupt_byte = now;
	}
	return false;
}

static void read_stdin(struct machine *m)
{
	char text[RUN_PIECE];
	ssize_t got = read(STDIN_FILENO, text, sizeof(text));

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		m->stdin_over = true;
		send_mark(m, 'd');
		return;
	}
	if (typed_twice(m, text, (size_t)got)) {
		m->signal = SIGINT;
		run_process_stop(m);
		return;
	}
	m->out_len += frames_encode(text, (size_t)got, m->out + m->out_len);
}

static void send_window(struct machine *m)
{
	char text[FRAMES_RECORD_MAX];
	unsigned rows, columns;

	if (run_terminal_size(&rows, &columns))
		send_record(m, text, frames_window(rows, columns, text));
}

/* Only once the guest is up: until then Ctrl-C is for us. */
static void take_terminal(struct machine *m)
{
	if (!m->frames.started)
		return;
	m->terminal = run_terminal_raw();
	m->background = !m->terminal && isatty(STDIN_FILENO);
}

static void stop_self(struct machine *m)
{
	run_terminal_restore();
	raise(SIGSTOP);
	take_terminal(m);
	send_window(m);
}

static void end_by(struct machine *m, int sig)
{
	m->signal = sig;
	run_process_stop(m);
}

/*
 * A signal that asks the program to end. A guest that isn't up can't be told,
 * nor one that waits until its output is taken; one that is gets a chance.
 */
static void ask_to_end(struct machine *m, int sig)
{
	int64_t now = child_now(), last = m->last[sig];

	/* timeout(1) sends one to us and one to our group. */
	if (last && now - last < SAME_MS)
		return;
	m->last[sig] = now;
	if (!m->frames.started || m->blocked || sig == SIGQUIT ||
	    (last && now - last < TWICE_MS))
		end_by(m, sig);
	else
		send_mark(m, sig == SIGINT ? 'i' : 't');
	/* Nobody is left to send this one twice. */
	if (sig == SIGHUP && (m->deadline < 0 || m->deadline > now + TWICE_MS))
		m->deadline = now + TWICE_MS;
}

static void take_signal(struct machine *m, int sig)
{
	switch (sig) {
	case SIGWINCH:
		send_window(m);
		break;
	case SIGTSTP:
		stop_self(m);
		break;
	case SIGCONT:
		take_terminal(m);
		break;
	default:
		ask_to_end(m, sig);
		break;
	}
}

static int time_left(const struct machine *m)
{
	int64_t left;

	if (m->deadline < 0)
		return m->background ? BACKGROUND_MS : -1;
	left = m->deadline - child_now();
	if (m->background && left > BACKGROUND_MS)
		left = BACKGROUND_MS;
	return left < 0 ? 0 : left > WAIT_MAX_MS ? WAIT_MAX_MS : (int)left;
}

static void check_time(struct machine *m)
{
	if (m->deadline < 0 || child_now() < m->deadline || run_is_over(m))
		return;
	if (m->last[SIGHUP])
		m->signal = SIGHUP;
	else
		m->timed_out = true;
	run_process_stop(m);
}

bool run_is_over(const struct machine *m)
{
	return m->signal || m->timed_out;
}

void run_wait_for(struct machine *m, struct pollfd *p, size_t n)
{
	struct pollfd all[WAIT_MAX + 1];
	unsigned char sigs[64];
	int ready;

	memcpy(all, p, n * sizeof(*p));
	all[n] = (struct pollfd){.fd = signals, .events = POLLIN};
	ready = poll(all, n + 1, time_left(m));
	if (ready < 0 && errno != EINTR)
		die(EXIT_FAILED, "poll: %s", strerror(errno));
	for (size_t i = 0; i < n; i++)
		p[i].revents = ready > 0 ? all[i].revents : 0;
	if (ready > 0 && all[n].revents) {
		ssize_t got = read(signals, sigs, sizeof(sigs));
		/* The signal alone: what else we waited for isn't there. */
		m->blocked = m->writing && ready == 1;
		for (ssize_t i = 0; i < got; i++)
			take_signal(m, sigs[i]);
	}
	check_time(m);
}

/* Whether descriptor 0 may be read: the guest is up and has had the rest. */
static bool wants_stdin(const struct machine *m)
{
	if (!m->frames.started || m->stdin_over || m->out_len)
		return false;
	/* In the background a read of the terminal would stop us. */
	return m->terminal || !isatty(STDIN_FILENO);
}

static void turn(struct machine *m)
{
	bool started = m->frames.started;
	struct pollfd p[WAIT_MAX] = {
	    {.fd = m->child.from, .events = POLLIN},
	    {.fd = m->child.err, .events = POLLIN},
	    {.fd = m->out_len && started ? m->child.to : -1, .events = POLLOUT},
	    {.fd = wants_stdin(m) ? STDIN_FILENO : -1, .events = POLLIN},
	};

	run_wait_for(m, p, WAIT_MAX);
	if (run_is_over(m))
		return;
	if (p[0].revents)
		run_output_guest(m);
	if (m->background || started != m->frames.started)
		take_terminal(m);
	if (p[1].revents)
		run_output_carrier(m);
	if (p[2].revents)
		flush_to_guest(m);
	if (p[3].revents && !m->out_len)
		read_stdin(m);
}

/*
 * The rest of what the carrier says. QEMU ends by itself once the guest said
 * its status; one that has to clear away is told to begin with that.
 */
static void finish_machine(struct machine *m)
{
	unsigned grace = m->carrier->grace_ms;
	int64_t end = child_now() + (grace ? grace : END_MS);

	if (grace && m->frames.ended)
		run_process_stop(m);

	while (m->child.err >= 0 || m->child.from >= 0) {
		struct pollfd p[] = {{.fd = m->child.from, .events = POLLIN},
				     {.fd = m->child.err, .events = POLLIN}};
		int64_t left = end - child_now();
		if (left <= 0)
			break;
		if (poll(p, ARRAY_SIZE(p), (int)left) <= 0)
			continue;
		if (p[0].revents)
			run_output_guest(m);
		if (p[1].revents)
			run_output_carrier(m);
	}
	run_process_end(m);
}

static int result(struct machine *m)
{
	if (m->timed_out) {
		fprintf(stderr, "%s: error: stopped after %g seconds\n",
			halvm_progname(), m->args->timeout);
		return RUN_TIMEOUT;
	}
	if (m->frames.ended)
		return m->frames.status;
	if (m->signal)
		run_die_by(m->signal);
	run_output_no_status(m);
}

int run_machine(const struct run_plan *p, const struct carrier *carrier)
{
	static struct machine machine;
	struct machine *m = &machine;

	*m = (struct machine){
	    .args = p->args, .carrier = carrier, .deadline = -1};
	run_output_open(m);
	m->symbols = symboliser_new(p->args->image);
	signals = run_catch_signals();
	run_process_start(m);
	if (p->args->timeout > 0)
		m->deadline = child_now() + (int64_t)(p->args->timeout * 1000);
	while (m->child.from >= 0 && !m->frames.ended && !run_is_over(m))
		turn(m);
	run_output_flush(m);
	finish_machine(m);
	run_terminal_restore();
	symboliser_free(m->symbols);
	return result(m);
}
