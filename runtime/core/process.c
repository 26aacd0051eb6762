/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.c - the one process and its end (process.h).
 */
#include "core/panic.h"
#include "core/process.h"
#include "core/thread.h"
#include "platform.h"

#define SIGNAL_STATUS 128 /* what a shell makes of the end by a signal */

struct process process = {
    .host_name = "halvm",
    .umask = 022,
};

static struct thread *exiting;

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
	if (status_output)
		status_output(status & 0xff);
	platform_shutdown(SHUTDOWN_EXIT, status & 0xff);
}

void process_exit_signal(int sig)
{
	process_exit(SIGNAL_STATUS + sig);
}
