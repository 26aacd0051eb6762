/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU as a process, and our own signals: see run_machine.h. */
#include "config.h"
#include "run_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

int64_t run_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int run_catch_signals(void)
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
	return signal_pipe[0];
}

/* As if the signal had ended us all along. */
void run_die_by(int sig)
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

void run_process_start(struct machine *m, char *const argv[])
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
	fcntl(m->to, F_SETPIPE_SZ, RUN_PIECE);
	fcntl(m->to, F_SETFL, O_NONBLOCK);
}

void run_process_kill(struct machine *m)
{
	if (!m->reaped)
		kill(m->pid, SIGKILL);
}

void run_process_reap(struct machine *m)
{
	while (!m->reaped) {
		if (waitpid(m->pid, &m->wait_status, 0) == m->pid)
			m->reaped = true;
		else if (errno != EINTR)
			break;
	}
}
