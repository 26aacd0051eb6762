/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who makes the calls that Haskell answers.
 *
 * A provider may itself make system calls, also by mistake, and these must not
 * come back to it: writing a line can't take writing a line.  So each call
 * notes what its thread is answering, and halvm_bridge_may_enter asks.
 *
 * With the threaded RTS a thread that answers C is bound: it, and whatever it
 * calls, is on one thread of the operating system, which runs no other Haskell
 * thread meanwhile.  So a variable of that thread says it; not a _Thread_local
 * one, which GHC's linker can't load when a splice has this package.
 *
 * Without, all Haskell threads are on the one C stack, nested; a call from C
 * runs the scheduler, which may run any thread.  There the number of the
 * Haskell thread says it: one begins by noting its own (halvm_bridge_serve),
 * and halvm_rts_caller tells who makes a call.
 */
#include <HsFFI.h>
#include <Rts.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <halvm/bridge.h>

extern int halvm_rts_may_enter(void);
extern uint64_t halvm_rts_caller(void);

/* Of halvm-provider-types, which doesn't refer to the runtime's itself. */
extern int (*halvm_types_below_console)(int stream);
extern int (*halvm_types_below_open)(const char *path, unsigned flags,
				     unsigned mode);

/* Of each thread: bits of kinds, as a pointer. */
static pthread_key_t answering;
/* Without threads: all that have begun, the innermost first. */
static struct halvm_bridge_call *calls;

__attribute__((__constructor__)) static void make_key(void)
{
	if (pthread_key_create(&answering, NULL))
		abort();
}

static unsigned thread_answers(void)
{
	return (unsigned)(uintptr_t)pthread_getspecific(answering);
}

static void set_thread_answers(unsigned kinds)
{
	pthread_setspecific(answering, (void *)(uintptr_t)kinds);
}

static int threaded(void)
{
	return rtsSupportsBoundThreads() != 0;
}

/* What the caller is answering: bits of kinds. */
static unsigned now_answering(void)
{
	const struct halvm_bridge_call *c;
	uint64_t caller;

	if (threaded())
		return thread_answers();
	if (!calls)
		return 0;
	caller = halvm_rts_caller();
	for (c = calls; c; c = c->next)
		if (c->server == caller)
			return c->kinds;
	return 0;
}

/*
 * Not for what is being answered.  And without threads no provider's text
 * becomes a call of the console: it would run the other threads on top of that
 * provider, and one that waits for it would wait for ever.
 */
int halvm_bridge_may_enter(enum halvm_provider_kind kind)
{
	unsigned kinds;

	if (!halvm_rts_may_enter())
		return 0;
	kinds = now_answering();
	if (kind == HALVM_CONSOLE && !threaded())
		return kinds == 0;
	return !(kinds & 1U << kind);
}

void halvm_bridge_enter(struct halvm_bridge_call *call,
			enum halvm_provider_kind kind)
{
	call->result = 0;
	call->server = 0;
	call->kinds = now_answering() | 1U << kind;
	if (threaded()) {
		call->saved = thread_answers();
		set_thread_answers(call->kinds);
		return;
	}
	call->next = calls;
	calls = call;
}

long halvm_bridge_leave(struct halvm_bridge_call *call)
{
	struct halvm_bridge_call **c;

	if (threaded()) {
		set_thread_answers(call->saved);
		return (long)call->result;
	}
	for (c = &calls; *c; c = &(*c)->next)
		if (*c == call) {
			*c = call->next;
			break;
		}
	return (long)call->result;
}

/* Called by the Haskell thread that answers, unsafely. */
void halvm_bridge_serve(struct halvm_bridge_call *call, StgPtr tso)
{
	call->server = (uint64_t)rts_getThreadId(tso);
}

void halvm_bridge_provided(const char *kind, int error)
{
	halvm_types_below_console = halvm_below_console;
	halvm_types_below_open = halvm_below_open;
	if (error)
		fprintf(stderr, "halvm: the %s was not provided: %s\n", kind,
			strerror(-error));
}
