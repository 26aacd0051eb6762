/* SPDX-License-Identifier: BSD-3-Clause */
/* What a guest and its carrier say, and where it goes: see run_machine.h. */
#include "config.h"
#include "run_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of what the carrier says, for the message if it fails. */
enum { SAID_MAX = 64 * 1024 };

void run_output_open(struct machine *m)
{
	m->log = -1;
	if (!m->args->log)
		return;
	m->log =
	    open(m->args->log,
		 O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	if (m->log < 0)
		die(EXIT_FAILED, "can't write '%s': %s", m->args->log,
		    strerror(errno));
}

/* Our own output failed: the machine ends, and we as a program would. */
static _Noreturn void output_failed(struct machine *m, const char *what)
{
	int error = errno;

	run_process_end(m);
	if (error == EPIPE)
		run_die_by(SIGPIPE);
	die(EXIT_FAILED, "can't write to %s: %s", what, strerror(error));
}

/*
 * All of it, as fast as it is taken; false if it can't be written. Given up
 * without an error when a signal or the time limit ends the machine meanwhile.
 */
static bool write_all(struct machine *m, int fd, const char *text, size_t n)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (n > 0) {
		m->writing = true;
		run_wait_for(m, &p, 1);
		m->writing = m->blocked = false;
		if (run_is_over(m))
			return true;
		if (!p.revents)
			continue;
		ssize_t put = write(fd, text, n < RUN_PIECE ? n : RUN_PIECE);
		if (put > 0) {
			text += put;
			n -= (size_t)put;
		} else if (put < 0 && errno != EINTR && errno != EAGAIN) {
			return false;
		}
	}
	return true;
}

/*
 * Text that isn't the guest's terminal's, on standard error: a terminal that
 * was given to the guest needs a carriage return with each newline.
 */
static bool write_message(struct machine *m, const char *text, size_t n)
{
	bool raw = m->terminal && isatty(STDERR_FILENO), good = true;

	while (raw && good && n > 0) {
		const char *nl = memchr(text, '\n', n);
		size_t line = nl ? (size_t)(nl - text) : n;

		good = write_all(m, STDERR_FILENO, text, line) &&
		       (!nl || write_all(m, STDERR_FILENO, "\r\n", 2));
		line += nl != NULL;
		text += line;
		n -= line;
	}
	return good && write_all(m, STDERR_FILENO, text, n);
}

static void log_text(struct machine *m, const char *text, size_t n)
{
	if (m->log >= 0 && !write_all(m, m->log, text, n)) {
		warn("can't write to '%s': %s", m->args->log, strerror(errno));
		close(m->log);
		m->log = -1;
	}
}

/* The runtime's messages, with names beside addresses. */
static void runtime_text(void *arg, const char *text, size_t n)
{
	struct machine *m = arg;

	log_text(m, text, n);
	if ((m->log < 0 || m->frames.panicked) && !write_message(m, text, n) &&
	    errno == EPIPE)
		output_failed(m, "standard error");
}

/*
 * Before it speaks the protocol the runtime has plain lines, of what keeps it
 * from starting, among those of the firmware.
 */
static void early_text(struct machine *m, const char *text, size_t n)
{
	static const char ours[] = "halvm: ";

	for (size_t i = 0; i < n; i++) {
		if (m->early_len == sizeof(m->early))
			m->early_len = 0; /* not one of ours */
		if (text[i] == '\r')
			continue;
		m->early[m->early_len++] = text[i];
		if (text[i] != '\n')
			continue;
		if (m->early_len > sizeof(ours) &&
		    memcmp(m->early, ours, sizeof(ours) - 1) == 0)
			write_message(m, m->early, m->early_len);
		m->early_len = 0;
	}
}

static void from_guest(void *arg, enum frames_channel channel, const char *text,
		       size_t n)
{
	struct machine *m = arg;

	switch (channel) {
	case FRAMES_NOISE:
		log_text(m, text, n);
		if (m->log < 0)
			early_text(m, text, n);
		break;
	case FRAMES_OUT:
		if (!write_all(m, STDOUT_FILENO, text, n))
			output_failed(m, "standard output");
		break;
	case FRAMES_ERR:
		if (!write_all(m, STDERR_FILENO, text, n) && errno == EPIPE)
			output_failed(m, "standard error");
		break;
	case FRAMES_LOG:
		symbolise(m->symbols, text, n, runtime_text, m);
		break;
	}
}

void run_output_guest(struct machine *m)
{
	char text[RUN_PIECE];
	ssize_t got = read(m->child.from, text, sizeof(text));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		child_close(&m->child.from);
		return;
	}
	frames_decode(&m->frames, text, (size_t)got, from_guest, m);
	if (m->frames.started && m->frames.version != FRAMES_VERSION) {
		run_process_end(m);
		die(EXIT_FAILED,
		    "the image's runtime is of another release of HaLVM (it "
		    "speaks version %c of the console's protocol): link it "
		    "again",
		    m->frames.version);
	}
}

void run_output_carrier(struct machine *m)
{
	char text[1024];
	ssize_t got = read(m->child.err, text, sizeof(text));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		child_close(&m->child.err);
		return;
	}
	log_text(m, text, (size_t)got);
	if (m->args->verbose)
		write_message(m, text, (size_t)got);
	if ((size_t)got > SAID_MAX - m->said_len)
		got = (ssize_t)(SAID_MAX - m->said_len);
	m->said = xrealloc(m->said, m->said_len + (size_t)got + 1);
	memcpy(m->said + m->said_len, text, (size_t)got);
	m->said_len += (size_t)got;
	m->said[m->said_len] = 0;
}

void run_output_no_status(struct machine *m)
{
	/* With --verbose it was shown as it came. */
	const char *said = m->said && !m->args->verbose ? m->said : "";
	size_t n = strlen(said);
	char end[64] = "";

	while (n > 0 && said[n - 1] == '\n')
		n--;
	if (WIFSIGNALED(m->child.wait_status))
		snprintf(end, sizeof(end), " (%s was killed by signal %d)",
			 m->carrier->name, WTERMSIG(m->child.wait_status));
	die(RUN_NO_STATUS, "the machine stopped without a status%s%s%s%s%.*s",
	    end, n ? "; " : "", n ? m->carrier->name : "", n ? " said:\n" : "",
	    (int)n, said);
}

void run_output_flush(struct machine *m)
{
	symbolise_flush(m->symbols, runtime_text, m);
}
