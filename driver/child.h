/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that runs beside us with its standard streams as pipes to us. It
 * is in a process group of its own, so that a Ctrl-C on the terminal reaches us
 * alone, and ends with us.
 */
#ifndef HALVM_DRIVER_CHILD_H
#define HALVM_DRIVER_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int to, from, err; /* -1: closed */
	bool reaped;
	int wait_status; /* of waitpid(2), once it is reaped */
};

/*
 * Starts argv[0], searched in PATH; when we end, however we do, it gets the
 * signal `orphaned`. Dies if it can't be run.
 */
void child_start(struct child *c, char *const argv[], int orphaned);
/* Nothing happens if it has been reaped. */
void child_signal(const struct child *c, int sig);
/* True if it has ended; *c is then reaped. Waits for that at most so long. */
bool child_ended(struct child *c, int milliseconds);
/* Ends it by SIGTERM, if it takes longer by SIGKILL; by that alone if 0. */
void child_end(struct child *c, int milliseconds);
void child_close(int *fd);

/*
 * From now on these signals (0 ends the list) come as bytes on the descriptor
 * that is returned, but for those that are ignored; they do to children what
 * they do by default. SIGPIPE is ignored.
 */
int child_catch_signals(const int *signals);

/* Milliseconds of the monotonic clock. */
long long child_now(void);

#endif
