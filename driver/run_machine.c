/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU's parent: see run.h.
 *
 * QEMU's standard input and output are pipes to us, on which the guest speaks
 * the protocol of frames.h. QEMU is in a process group of its own, so that a
 * Ctrl-C on the terminal reaches us alone, and dies with us.
 *
 * One loop waits for all there is: the guest, standard input, signals (by a
 * pipe of our own), the time limit. What the guest says is written as it
 * comes, in pieces that a pipe with room takes at once; so a reader that is
 * slow holds up the guest and nothing else. Standard input is read only when
 * the last piece has gone to QEMU.
 */
#include "config.h"
#include "run.h"

#include "frames.h"
#include "symbolise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	/* Whatever has POLLOUT takes this much (POSIX: PIPE_BUF). */
	PIECE = 4096,
	/* Two of a signal within so many ms end a guest that doesn't listen. */
	TWICE_MS = 2000,
	/* For QEMU to end once the guest said its status, or is told to. */
	END_MS = 1000,
	/* Of what QEMU says, for the message if it fails. */
	SAID_MAX = 64 * 1024
};

struct machine {
	const struct run_args *args;
	pid_t pid;
	bool reaped;
	int wait_status;
	int to, from, err; /* pipes to QEMU; -1: closed */
	struct frames frames;
	struct symboliser *symbols;
	int log; /* descriptor, -1: none */

	char out[2 * PIECE + 8 * FRAMES_RECORD_MAX]; /* to the guest */
	size_t out_at, out_len;
	bool terminal;	 /* descriptor 0 is ours, and raw */
	bool stdin_over; /* its end was sent */

	char *said; /* by QEMU */
	size_t said_len;

	int signal; /* that ends us, once the machine is down */
	int64_t last[NSIG];
	int64_t interrupt_byte; /* time of the last Ctrl-C typed */
	int64_t deadline;	/* -1: none */
	bool timed_out;
};

static const int forwarded[] = {SIGHUP,	 SIGINT,  SIGQUIT, SIGTERM,
				SIGTSTP, SIGCONT, SIGWINCH};
static int signal_pipe[2];

static void on_signal(int sig)
{
	unsigned char byte = (unsigned char)sig;
	int error = errno;

	if (write(signal_pipe[1], &byte, 1) < 0)
		errno = error; /* full: there are enough */
	errno = error;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal}, old;

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++) {
		sigaction(forwarded[i], NULL, &old);
		/* What nohup or a shell's & ignores stays ignored. */
		if (old.sa_handler != SIG_IGN)
			sigaction(forwarded[i], &sa, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

/* As if the signal had ended us all along. */
static _Noreturn void die_by(int sig)
{
	sigset_t set;

	run_terminal_restore();
	fflush(NULL);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	temp_dir_remove();
	kill(getpid(), sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	exit(128 + sig);
}

static void child_exec(int in, int out, int err, int report, pid_t parent,
		       char *const argv[])
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		signal(forwarded[i], SIG_DFL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	execvp(argv[0], argv);
	int error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static void make_pipe(int fd[2])
{
	if (pipe2(fd, O_CLOEXEC) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
}

static void start(struct machine *m, char *const argv[])
{
	int in[2], out[2], err[2], report[2], error;
	pid_t parent = getpid();

	make_pipe(in);
	make_pipe(out);
	make_pipe(err);
	make_pipe(report);
	fflush(NULL);
	m->pid = fork();
	if (m->pid < 0)
		die(EXIT_FAILED, "can't start a process: %s", strerror(errno));
	if (m->pid == 0)
		child_exec(in[0], out[1], err[1], report[1], parent, argv);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	close(report[1]);
	if (read(report[0], &error, sizeof(error)) == sizeof(error))
		die(EXIT_FAILED, "can't run '%s': %s", argv[0],
		    strerror(error));
	close(report[0]);
	m->to = in[1];
	m->from = out[0];
	m->err = err[0];
	/* What waits in it stands before the next signal. */
	fcntl(m->to, F_SETPIPE_SZ, PIECE);
	fcntl(m->to, F_SETFL, O_NONBLOCK);
}

static void stop_qemu(struct machine *m)
{
	if (!m->reaped)
		kill(m->pid, SIGKILL);
}

static void reap(struct machine *m)
{
	while (!m->reaped) {
		if (waitpid(m->pid, &m->wait_status, 0) == m->pid)
			m->reaped = true;
		else if (errno != EINTR)
			break;
	}
}

/* Our own output failed: the machine ends, and we as a program would. */
static _Noreturn void output_failed(struct machine *m, const char *what)
{
	int error = errno;

	stop_qemu(m);
	reap(m);
	if (error == EPIPE)
		die_by(SIGPIPE);
	die(EXIT_FAILED, "can't write to %s: %s", what, strerror(error));
}

static bool write_all(int fd, const char *text, size_t n)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (n > 0) {
		ssize_t put = write(fd, text, n < PIECE ? n : PIECE);
		if (put > 0) {
			text += put;
			n -= (size_t)put;
		} else if (put < 0 && errno == EAGAIN) {
			poll(&p, 1, -1);
		} else if (put < 0 && errno != EINTR) {
			return false;
		}
	}
	return true;
}

static void log_text(struct machine *m, const char *text, size_t n)
{
	if (m->log >= 0 && !write_all(m->log, text, n)) {
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
	if ((m->log < 0 || m->frames.panicked) &&
	    !write_all(STDERR_FILENO, text, n))
		output_failed(m, "standard error");
}

static void from_guest(void *arg, enum frames_channel channel, const char *text,
		       size_t n)
{
	struct machine *m = arg;

	switch (channel) {
	case FRAMES_NOISE:
		log_text(m, text, n);
		break;
	case FRAMES_OUT:
		if (!write_all(STDOUT_FILENO, text, n))
			output_failed(m, "standard output");
		break;
	case FRAMES_ERR:
		if (!write_all(STDERR_FILENO, text, n))
			output_failed(m, "standard error");
		break;
	case FRAMES_LOG:
		symbolise(m->symbols, text, n, runtime_text, m);
		break;
	}
}

static void read_guest(struct machine *m)
{
	char text[PIECE];
	ssize_t got = read(m->from, text, sizeof(text));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		close(m->from);
		m->from = -1;
		return;
	}
	frames_decode(&m->frames, text, (size_t)got, from_guest, m);
	if (m->frames.started && m->frames.version != FRAMES_VERSION) {
		stop_qemu(m);
		die(EXIT_FAILED,
		    "the image's runtime is of another release of HaLVM (it "
		    "speaks version %c of the console's protocol): link it "
		    "again",
		    m->frames.version);
	}
}

static void read_qemu(struct machine *m)
{
	char text[1024];
	ssize_t got = read(m->err, text, sizeof(text));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		close(m->err);
		m->err = -1;
		return;
	}
	log_text(m, text, (size_t)got);
	if (m->args->verbose)
		write_all(STDERR_FILENO, text, (size_t)got);
	if ((size_t)got > SAID_MAX - m->said_len)
		got = (ssize_t)(SAID_MAX - m->said_len);
	m->said = xrealloc(m->said, m->said_len + (size_t)got + 1);
	memcpy(m->said + m->said_len, text, (size_t)got);
	m->said_len += (size_t)got;
	m->said[m->said_len] = 0;
}

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
	ssize_t put = write(m->to, m->out + m->out_at, m->out_len - m->out_at);

	if (put > 0)
		m->out_at += (size_t)put;
	else if (put < 0 && errno != EAGAIN && errno != EINTR)
		m->out_at = m->out_len; /* QEMU ended: its output says so */
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
		int64_t now = now_ms();
		if (m->interrupt_byte && now - m->interrupt_byte < TWICE_MS)
			return true;
		m->interrupt_byte = now;
	}
	return false;
}

static void read_stdin(struct machine *m)
{
	char text[PIECE];
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
		stop_qemu(m);
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

static void take_terminal(struct machine *m)
{
	m->terminal = run_terminal_raw();
}

/* Ctrl-Z that another terminal's line discipline made: we stop, it doesn't. */
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
	stop_qemu(m);
}

static void take_signal(struct machine *m, int sig)
{
	int64_t now = now_ms(), last = m->last[sig];

	switch (sig) {
	case SIGWINCH:
		send_window(m);
		return;
	case SIGTSTP:
		stop_self(m);
		return;
	case SIGCONT:
		take_terminal(m);
		return;
	}
	m->last[sig] = now;
	/* A guest that isn't up can't be asked; one that is gets a chance. */
	if (!m->frames.started || sig == SIGQUIT ||
	    (last && now - last < TWICE_MS))
		end_by(m, sig);
	else
		send_mark(m, sig == SIGINT ? 'i' : 't');
	/* There's nobody left to send it twice. */
	if (sig == SIGHUP && (m->deadline < 0 || m->deadline > now + TWICE_MS))
		m->deadline = now + TWICE_MS;
}

static void read_signals(struct machine *m)
{
	unsigned char sigs[64];
	ssize_t got = read(signal_pipe[0], sigs, sizeof(sigs));

	for (ssize_t i = 0; i < got; i++)
		take_signal(m, sigs[i]);
}

static int time_left(const struct machine *m)
{
	int64_t left;

	if (m->deadline < 0)
		return -1;
	left = m->deadline - now_ms();
	return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
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
	struct pollfd p[] = {
	    {.fd = m->from, .events = POLLIN},
	    {.fd = m->err, .events = POLLIN},
	    {.fd = signal_pipe[0], .events = POLLIN},
	    {.fd = m->out_len && m->frames.started ? m->to : -1,
	     .events = POLLOUT},
	    {.fd = wants_stdin(m) ? STDIN_FILENO : -1, .events = POLLIN},
	};

	if (poll(p, ARRAY_SIZE(p), time_left(m)) < 0 && errno != EINTR)
		die(EXIT_FAILED, "poll: %s", strerror(errno));
	if (p[2].revents)
		read_signals(m);
	if (p[0].revents)
		read_guest(m);
	if (p[1].revents)
		read_qemu(m);
	if (p[3].revents)
		flush_to_guest(m);
	if (p[4].revents && !m->out_len)
		read_stdin(m);
	if (m->deadline >= 0 && now_ms() >= m->deadline) {
		m->timed_out = !m->last[SIGHUP];
		if (!m->timed_out)
			m->signal = SIGHUP;
		stop_qemu(m);
	}
}

/* The rest of what QEMU says; it ends by itself, or is ended. */
static void finish_machine(struct machine *m)
{
	int64_t end = now_ms() + END_MS;
	struct pollfd p = {.events = POLLIN};

	while (m->err >= 0 || m->from >= 0) {
		int64_t left = end - now_ms();
		p.fd = m->err >= 0 ? m->err : m->from;
		if (left <= 0)
			break;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (m->err >= 0)
			read_qemu(m);
		else
			read_guest(m);
	}
	stop_qemu(m);
	reap(m);
}

static _Noreturn void no_status(struct machine *m)
{
	/* With --verbose it was shown as it came. */
	const char *said = m->said && !m->args->verbose ? m->said : "";
	size_t n = strlen(said);
	char end[64] = "";

	while (n > 0 && said[n - 1] == '\n')
		n--;
	if (WIFSIGNALED(m->wait_status))
		snprintf(end, sizeof(end), " (QEMU was killed by signal %d)",
			 WTERMSIG(m->wait_status));
	die(RUN_NO_STATUS, "the machine stopped without a status%s%s%.*s", end,
	    n ? "; QEMU said:\n" : "", (int)n, said);
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
		die_by(m->signal);
	no_status(m);
}

static void open_log(struct machine *m)
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

int run_machine(const struct run_plan *p, const struct strlist *argv,
		const char *image)
{
	static struct machine machine;
	struct machine *m = &machine;

	*m = (struct machine){.args = p->args, .deadline = -1};
	open_log(m);
	m->symbols = symboliser_new(image);
	catch_signals();
	start(m, argv->v);
	if (p->args->timeout > 0)
		m->deadline = now_ms() + (int64_t)(p->args->timeout * 1000);
	take_terminal(m);
	while (m->from >= 0 && !m->frames.ended && !m->signal && !m->timed_out)
		turn(m);
	symbolise_flush(m->symbols, runtime_text, m);
	finish_machine(m);
	run_terminal_restore();
	symboliser_free(m->symbols);
	return result(m);
}
