/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs that run beside us: see child.h. */
#include "config.h"
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

/* How often it is looked whether a child has ended. */
enum { LOOK_MS = 10 };

static const int *caught;
static int signal_pipe[2];

static void on_signal(int sig)
{
	unsigned char byte = (unsigned char)sig;
	int error = errno;

	if (write(signal_pipe[1], &byte, 1) < 0)
		errno = error; /* full: there are enough */
	errno = error;
}

int child_catch_signals(const int *signals)
{
	struct sigaction sa = {.sa_handler = on_signal}, old;

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
	caught = signals;
	sigemptyset(&sa.sa_mask);
	for (; *signals; signals++) {
		sigaction(*signals, NULL, &old);
		/* What nohup or a shell's & ignores stays ignored. */
		if (old.sa_handler != SIG_IGN)
			sigaction(*signals, &sa, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	return signal_pipe[0];
}

long long child_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct ends {
	int in, out, err, report;
};

static void child_exec(const struct ends *e, char *const argv[], int orphaned,
		       pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, orphaned);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	for (const int *s = caught; s && *s; s++)
		signal(*s, SIG_DFL);
	dup2(e->in, 0);
	dup2(e->out, 1);
	dup2(e->err, 2);
	execvp(argv[0], argv);
	int error = errno;
	if (write(e->report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static void make_pipe(int fd[2])
{
	if (pipe2(fd, O_CLOEXEC) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
}

void child_start(struct child *c, char *const argv[], int orphaned)
{
	int in[2], out[2], err[2], report[2], error;
	pid_t parent = getpid();

	make_pipe(in);
	make_pipe(out);
	make_pipe(err);
	make_pipe(report);
	*c = (struct child){.to = in[1], .from = out[0], .err = err[0]};
	fflush(NULL);
	c->pid = fork();
	if (c->pid < 0)
		die(EXIT_FAILED, "can't start a process: %s", strerror(errno));
	if (c->pid == 0) {
		struct ends e = {in[0], out[1], err[1], report[1]};
		child_exec(&e, argv, orphaned, parent);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	close(report[1]);
	if (read(report[0], &error, sizeof(error)) == sizeof(error))
		die(EXIT_FAILED, "can't run '%s': %s", argv[0],
		    strerror(error));
	close(report[0]);
}

void child_signal(const struct child *c, int sig)
{
	if (!c->reaped)
		kill(c->pid, sig);
}

bool child_ended(struct child *c, int milliseconds)
{
	long long end = child_now() + milliseconds;

	while (!c->reaped) {
		pid_t got = waitpid(c->pid, &c->wait_status, WNOHANG);
		if (got == c->pid || (got < 0 && errno != EINTR))
			c->reaped = true;
		else if (child_now() >= end)
			break;
		else
			poll(NULL, 0, LOOK_MS);
	}
	return c->reaped;
}

void child_end(struct child *c, int milliseconds)
{
	if (milliseconds > 0) {
		child_signal(c, SIGTERM);
		if (child_ended(c, milliseconds))
			return;
	}
	child_signal(c, SIGKILL);
	while (!c->reaped) {
		if (waitpid(c->pid, &c->wait_status, 0) >= 0 || errno != EINTR)
			c->reaped = true;
	}
}

void child_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
