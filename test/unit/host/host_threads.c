/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_threads.c - threads of core/thread.h in a unit test (host.h).
 */
#include "arch/cpu.h"
#include "arch/trap.h"
#include "core/thread.h"
#include "core/timer.h"
#include "host.h"
#include "platform.h"

void host_threads_start(void)
{
	static const struct trap_hooks hooks = {
	    .leave = thread_leave_interrupt,
	};

	platform_init(NULL, timer_interrupt);
	if (thread_init() < 0)
		host_fail("thread_init");
	trap_set_hooks(&hooks);
	irq_enable();
}

struct thread *host_thread(void (*fn)(void *), void *argument)
{
	struct thread *t = thread_create();

	if (!t)
		host_fail("thread_create");
	arch_thread_start(&t->arch, (uintptr_t)fn, 0, (uintptr_t)argument);
	thread_start(t);
	return t;
}
