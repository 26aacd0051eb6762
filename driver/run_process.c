/* SPDX-License-Identifier: BSD-3-Clause */
/* The carrier as a process, and our own signals: see run_machine.h. */
#include "config.h"
#include "run_machine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int run_catch_signals(void)
{
	static const int forwarded[] = {SIGHUP,	 SIGINT,  SIGQUIT,  SIGTERM,
					SIGTSTP, SIGCONT, SIGWINCH, 0};

	return child_catch_signals(forwarded);
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

void run_process_start(struct machine *m)
{
	const struct carrier *c = m->carrier;

	child_start(&m->child, c->argv.v, c->grace_ms ? SIGTERM : SIGKILL);
	/* What waits in it stands before the next signal. */
	fcntl(m->child.to, F_SETPIPE_SZ, RUN_PIECE);
	fcntl(m->child.to, F_SETFL, O_NONBLOCK);
}

void run_process_stop(struct machine *m)
{
	child_signal(&m->child, m->carrier->grace_ms ? SIGTERM : SIGKILL);
}

void run_process_end(struct machine *m)
{
	child_end(&m->child, (int)m->carrier->grace_ms);
}
