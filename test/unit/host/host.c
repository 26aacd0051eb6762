/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host.c - the processor of unit tests: interrupts, locks, contexts (host.h).
 *
 * arch_thread.rsp points to a struct context, made at the first use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/spin.h"
#include "arch/trap.h"
#include "core/thread.h"
#include "host.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#else
#define __sanitizer_start_switch_fiber(save, bottom, size) ((void)0)
#define __sanitizer_finish_switch_fiber(fake, bottom, size) ((void)0)
#endif

#define STACK_SIZE (256UL << 10)
#define QUEUE_MAX 64
#define FPU_SIZE 576

struct context {
	ucontext_t uc;
	void *stack; /* NULL: the test's first thread */
	size_t size;
	void *fake; /* AddressSanitizer's */
};

struct percpu host_percpu = {.self = &host_percpu};
size_t arch_fpu_size = FPU_SIZE;

static bool enabled;
static struct {
	void (*fn)(void *);
	void *argument;
} queue[QUEUE_MAX];
static unsigned queued;
static struct trap_hooks hooks;

static struct context first, exiting;
static struct context *running = &first;
static struct context *ended; /* whose stack is to be freed */
static void (*exit_fn)(void *);
static void *exit_argument;

void host_fail(const char *why)
{
	fflush(stdout);
	fprintf(stderr, "host: %s\n", why);
	printf("not ok - %s\n", why);
	fflush(stdout);
	_Exit(1);
}

/* --- Interrupts and locks --- */

void trap_set_hooks(const struct trap_hooks *h)
{
	hooks = *h;
}

/* After a switch, on the stack of `running`. */
static void arrived(void)
{
	void *bottom;
	size_t size;

	(void)bottom;
	(void)size;
	__sanitizer_finish_switch_fiber(running->fake, (const void **)&bottom,
					&size);
	if (exiting.fake == NULL && first.size == 0 && running != &first) {
		/* The first switch tells the first stack's place. */
#ifdef __SANITIZE_ADDRESS__
		first.stack = bottom;
		first.size = size;
#endif
	}
}

static void deliver(void (*fn)(void *), void *argument)
{
	char stack[HOST_USER_STACK] __attribute__((__aligned__(64)));
	struct trap_frame frame;
	struct context *me = running;
	volatile bool resumed = false;

	memset(&frame, 0, sizeof frame);
	frame.rflags = RFLAGS_IF;
	frame.rip = HOST_RIP;
	frame.rsp = (uintptr_t)stack + sizeof stack;
	enabled = false;
	host_percpu.irq_depth++;
	fn(argument);
	host_percpu.irq_depth--;
	getcontext(&me->uc);
	if (resumed) {
		arrived();
		frame = host_percpu.current->arch.frame;
	} else {
		resumed = true;
		if (host_percpu.current && !host_percpu.current->arch.rsp)
			host_percpu.current->arch.rsp = (uintptr_t)me;
		if (hooks.leave)
			hooks.leave(&frame);
	}
	host_continue(&frame);
	enabled = true;
}

static void drain(void)
{
	while (queued) {
		void (*fn)(void *) = queue[0].fn;
		void *argument = queue[0].argument;

		queued--;
		memmove(queue, queue + 1, queued * sizeof queue[0]);
		deliver(fn, argument);
	}
}

void host_raise(void (*fn)(void *), void *argument)
{
	if (enabled) {
		deliver(fn, argument);
		return;
	}
	if (queued == QUEUE_MAX)
		host_fail("too many interrupts queued");
	queue[queued].fn = fn;
	queue[queued++].argument = argument;
}

bool irq_enabled(void)
{
	return enabled;
}

void irq_enable(void)
{
	enabled = true;
	drain();
}

void irq_disable(void)
{
	enabled = false;
}

unsigned long irq_save(void)
{
	unsigned long flags = enabled ? RFLAGS_IF : 0;

	enabled = false;
	return flags;
}

void irq_restore(unsigned long flags)
{
	if (flags & RFLAGS_IF)
		irq_enable();
}

void cpu_wait(void)
{
	if (enabled)
		host_fail("cpu_wait with interrupts on");
	if (queued) {
		irq_enable();
	} else {
		if (host_timer == UINT64_MAX)
			host_fail("all threads sleep for ever");
		enabled = true;
		host_advance(host_timer > host_clock ? host_timer - host_clock
						     : 0);
	}
	enabled = false;
}

unsigned long spin_lock(struct spinlock *lock)
{
	unsigned long flags = irq_save();

	if (lock->held)
		host_fail("a spin lock is taken twice");
	lock->held = 1;
	return flags;
}

void spin_unlock(struct spinlock *lock, unsigned long flags)
{
	if (!lock->held)
		host_fail("a spin lock is released that isn't held");
	if (enabled)
		host_fail("interrupts are on under a spin lock");
	lock->held = 0;
	irq_restore(flags);
}

/* --- Contexts --- */

static struct context *context_of(struct arch_thread *t)
{
	if (!t->rsp)
		t->rsp = (uintptr_t)running;
	return (struct context *)t->rsp;
}

static void entry(void)
{
	struct arch_thread *t;

	arrived();
	t = &host_percpu.current->arch;
	irq_enable();
	((void (*)(uintptr_t))t->frame.rip)(t->frame.rdi);
	host_fail("a thread's function returned");
}

static struct context *new_context(void)
{
	struct context *c = calloc(1, sizeof *c);

	if (!c)
		abort();
	c->size = STACK_SIZE;
	c->stack = malloc(STACK_SIZE);
	if (!c->stack)
		abort();
	return c;
}

static void prepare(struct context *c, void (*fn)(void))
{
	getcontext(&c->uc);
	c->uc.uc_stack.ss_sp = c->stack;
	c->uc.uc_stack.ss_size = c->size;
	c->uc.uc_link = NULL;
	makecontext(&c->uc, fn, 0);
}

void arch_thread_start(struct arch_thread *t, uintptr_t rip, uintptr_t rsp,
		       uintptr_t argument)
{
	struct context *c = new_context();

	memset(&t->frame, 0, sizeof t->frame);
	t->frame.rip = rip;
	t->frame.rsp = rsp;
	t->frame.rdi = argument;
	t->frame.rflags = RFLAGS_IF;
	t->preempted = true;
	t->rsp = (uintptr_t)c;
	prepare(c, entry);
}

void arch_set_fs_base(struct arch_thread *t, uint64_t base)
{
	t->fs_base = base;
}

void arch_switch(struct arch_thread *from, struct arch_thread *to)
{
	struct context *old = context_of(from);
	struct context *new = context_of(to);

	if (enabled)
		host_fail("arch_switch with interrupts on");
	if (host_percpu.current != (struct thread *)to)
		host_fail("arch_switch, but `current` isn't `to`");
	to->preempted = false;
	running = new;
	__sanitizer_start_switch_fiber(&old->fake, new->stack, new->size);
	swapcontext(&old->uc, &new->uc);
	arrived();
}

void arch_resume(struct arch_thread *to)
{
	struct context *old = running, *new = context_of(to);

	if (enabled)
		host_fail("arch_resume with interrupts on");
	to->preempted = false;
	running = new;
	(void)old;
	__sanitizer_start_switch_fiber(old == &exiting ? NULL : &old->fake,
				       new->stack, new->size);
	setcontext(&new->uc);
	abort();
}

void arch_preempt(struct arch_thread *t, const struct trap_frame *frame)
{
	t->frame = *frame;
	t->preempted = true;
}

static void exit_entry(void)
{
	arrived();
	if (ended != &first) {
		free(ended->stack);
		free(ended);
	}
	exit_fn(exit_argument);
	host_fail("the function on the exit stack returned");
}

void arch_on_exit_stack(void (*fn)(void *), void *argument)
{
	enabled = false;
	exit_fn = fn;
	exit_argument = argument;
	ended = running;
	if (!exiting.stack) {
		exiting.size = STACK_SIZE;
		exiting.stack = malloc(STACK_SIZE);
	}
	prepare(&exiting, exit_entry);
	running = &exiting;
	__sanitizer_start_switch_fiber(NULL, exiting.stack, exiting.size);
	setcontext(&exiting.uc);
	abort();
}

void arch_fpu_init(void *fpu)
{
	memset(fpu, 0, arch_fpu_size);
}

void arch_fpu_save(void *fpu)
{
	memset(fpu, 0, arch_fpu_size);
}

void arch_fpu_restore(const void *fpu)
{
	(void)fpu;
}
