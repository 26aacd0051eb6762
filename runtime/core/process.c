/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.c - the one process and its end (process.h).
 */
#include "core/panic.h"
#include "core/process.h"
#include "core/thread.h"
#include "platform.h"

#define AT_EXIT_MAX 8
#define SIGNAL_STATUS 128 /* what a shell makes of the end by a signal */

struct process process = {
    .host_name = "halvm",
    .umask = 022,
};

static void (*at_exit[AT_EXIT_MAX])(void);
static unsigned at_exit_count;
static struct thread *exiting;

void process_at_exit(void (*fn)(void))
{
	if (at_exit_count < AT_EXIT_MAX)
		at_exit[at_exit_count++] = fn;
}

void process_exit(int status)
{
	struct thread *self = thread_current(), *nobody = NULL;

	/* The first one ends it; what ends meanwhile waits for that. */
	if (!__atomic_compare_exchange_n(&exiting, &nobody, self, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
	    nobody != self)
		for (;;)
			thread_sleep(DEADLINE_NEVER, 0);
	/* From here on no handler of a signal runs in this thread. */
	self->arch.in_kernel++;
	while (at_exit_count)
		at_exit[--at_exit_count]();
	if (status_output)
		status_output(status & 0xff);
	platform_shutdown(SHUTDOWN_EXIT, status & 0xff);
}

void process_exit_signal(int sig)
{
	process_exit(SIGNAL_STATUS + sig);
}
