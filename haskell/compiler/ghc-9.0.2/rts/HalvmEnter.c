/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Part of the runtime system: may a system call, made where we are now, be
 * answered by Haskell?
 *
 * A provider answers system calls in Haskell (haskell/core).  It can do so
 * where a Haskell thread made the call by a safe foreign call, so that its
 * thread is suspended and its capability free.  The scheduler itself, the
 * collector, a finalizer in C and an unsafe call hold on to the capability:
 * entering Haskell from them is an assertion, a deadlock or worse.
 */
#include "PosixSource.h"
#include "Rts.h"

#include "Capability.h"
#include "Schedule.h"
#include "Task.h"

/* A Haskell thread made a foreign call: so the start has come to its end. */
static int started;

/*
 * 1 if a foreign export may be called here, else 0.  Any thread, any time, also
 * before hs_init and during hs_exit; takes no lock.
 */
int halvm_rts_may_enter(void);
int halvm_rts_may_enter(void)
{
	Task *task = myTask();

	if (sched_state != SCHED_RUNNING)
		return 0;
	if (task != NULL && task->incall != NULL) {
		if (task->running_finalizers ||
		    task->incall->suspended_tso == NULL)
			return 0;
		RELAXED_STORE(&started, 1);
		return 1;
	}
#if defined(THREADED_RTS)
	/* A thread that C made. */
	return RELAXED_LOAD(&started);
#else
	return 0;
#endif
}

/*
 * Who makes this foreign call: the same number at two calls means that they are
 * of one Haskell thread, as far as bound threads go (those that serve calls
 * from C are).  0 if no Haskell thread does.  Only where halvm_rts_may_enter.
 *
 * Bound threads of the threaded system never share an operating system's
 * thread; without threads, all run on the one stack, but there the collector
 * doesn't run while a foreign call does.
 */
StgWord64 halvm_rts_caller(void);
StgWord64 halvm_rts_caller(void)
{
	Task *task = myTask();

	if (task == NULL || task->incall == NULL)
		return 0;
#if defined(THREADED_RTS)
	return (StgWord64)(W_)task;
#else
	return task->incall->suspended_tso ? task->incall->suspended_tso->id
					   : 0;
#endif
}
