/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal_frame.c - delivery: from what is pending to a handler that runs, and
 * back (signal.h, arch/signal.h).
 *
 * A thread that is about to run a handler keeps where it was in its
 * signals.delivery; in_kernel is 1 from the decision until the handler's first
 * instruction, so nothing comes in between.  What the handler finds on its
 * stack is, from its stack pointer upwards:
 *
 *	return address (the restorer), ucontext_t, siginfo_t, FPU image
 *
 * It is written from a stack of this CPU, because the program's may be used
 * up, with interrupts off; missing pages of the program's come by faults.
 */
#include <stddef.h>
#include "arch/cpu.h"
#include "arch/page.h"
#include "arch/percpu.h"
#include "arch/signal.h"
#include "arch/user.h"
#include "core/heap.h"
#include "core/panic.h"
#include "core/process.h"
#include "core/signal_core.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

#define STACK_SIZE 4096UL
#define FPU_ALIGN 64UL
#define STACK_ALIGN 16UL

struct user_frame {
	uint64_t restorer;
	struct abi_ucontext uc;
	struct abi_siginfo info;
};

/* After the stack, which ends where this begins; the FPU image follows. */
struct signal_area {
	struct trap_frame frame; /* what to continue with */
	struct user_frame out;
	struct abi_ucontext in;
} __attribute__((__aligned__(FPU_ALIGN)));

static uint8_t *area_fpu(struct signal_area *a)
{
	return (uint8_t *)(a + 1);
}

/* One CPU; another would be given its own when it starts. */
int signal_frame_init(void)
{
	unsigned long flags;
	uint8_t *block;

	if (percpu_self()->signal_area)
		return 0;
	block =
	    heap_alloc(STACK_SIZE + sizeof(struct signal_area) + arch_fpu_size);
	if (!block)
		return -ENOMEM;
	flags = irq_save();
	if (!percpu_self()->signal_area) {
		percpu_self()->signal_area = block + STACK_SIZE;
		block = NULL;
	}
	irq_restore(flags);
	heap_free(block);
	return 0;
}

/* --- deciding --- */

/* Takes the next signal that has an effect; false: there is none. */
static bool next(struct thread *t, struct signal_delivery *d)
{
	struct signal_thread *s = &t->signals;

	for (;;) {
		sigset_bits set = ~s->blocked;
		int sig = signal_queue_take(&s->queue, set, &d->info);

		if (!sig)
			sig = signal_queue_take(&signal_process_queue, set,
						&d->info);
		if (!sig && !s->restore_saved)
			return false;
		if (!sig) {
			s->restore_saved = false;
			s->blocked = s->saved;
			continue;
		}
		if (signal_is_ignored(sig))
			continue;
		d->action = signal_actions[sig - 1];
		d->is_fault = false;
		return true;
	}
}

sigset_bits signal_begin(struct thread *t, struct signal_delivery *d)
{
	struct signal_thread *s = &t->signals;
	int sig = d->info.signo;
	sigset_bits mask = s->blocked | d->action.mask;

	d->mask = s->restore_saved ? s->saved : s->blocked;
	s->restore_saved = false;
	if (!(d->action.flags & ABI_SA_NODEFER))
		mask |= ABI_SIG_BIT(sig);
	if (d->action.flags & ABI_SA_RESETHAND)
		signal_reset_action(sig);
	return signal_set_mask(t, mask);
}

static _Noreturn void die(int sig)
{
	process_exit_signal(sig);
}

/*
 * The thread's next signal, if there is one: true, and the frame is changed to
 * what comes next, with in_kernel as it was, 1; else false, and it is 0.
 * Interrupts are off.
 */
static bool deliver(struct thread *t, struct trap_frame *frame)
{
	struct signal_delivery *d = &t->signals.delivery;
	unsigned long flags = spin_lock(&signal_lock);
	bool found = next(t, d), is_default = false;
	sigset_bits left = 0;

	if (found) {
		is_default = d->action.handler == ABI_SIG_DFL;
		if (!is_default)
			left = signal_begin(t, d);
	}
	signal_update(t);
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
	if (!found) {
		t->arch.in_kernel = 0;
		return false;
	}
	if (is_default) {
		/* In the thread, on its stack: ending the process may sleep. */
		arch_frame_call(frame, (uintptr_t)die,
				(frame->rsp & -STACK_ALIGN) - 8,
				(uint64_t)d->info.signo, 0, 0, true);
		return true;
	}
	d->frame = *frame;
	arch_frame_call(frame, (uintptr_t)arch_signal_trampoline, frame->rsp, 0,
			0, 0, false);
	return true;
}

void signal_leave_interrupt(struct trap_frame *frame)
{
	struct thread *t = thread_current();

	if (t->arch.in_kernel || !t->arch.pending)
		return;
	t->arch.in_kernel = 1;
	deliver(t, frame);
}

/* What a call that was interrupted learns: arch_with_frame's rax. */
enum { CALL_NOTHING, CALL_RESTART, CALL_INTERRUPTED };

static void leave_call(struct trap_frame *frame)
{
	struct thread *t = thread_current();
	struct signal_delivery *d = &t->signals.delivery;
	bool masked = t->signals.restore_saved;

	frame->rax = CALL_NOTHING;
	if (!deliver(t, frame) || d->action.handler == ABI_SIG_DFL)
		return;
	d->frame.rax = (d->action.flags & ABI_SA_RESTART) && !masked
			   ? CALL_RESTART
			   : CALL_INTERRUPTED;
}

long signal_leave_call(long r)
{
	struct thread *t = thread_current();
	long outcome;

	if (r != -ERESTARTSYS)
		t->arch.in_kernel++;
	if (t->arch.in_kernel > 1) {
		t->arch.in_kernel--;
		return r;
	}
	/* A handler that it runs returns to here, or nowhere. */
	outcome = arch_with_frame(leave_call);
	if (r == -ERESTARTSYS && outcome == CALL_INTERRUPTED)
		return -EINTR;
	return r;
}

/* --- into the handler --- */

static uintptr_t handler_stack(struct thread *t,
			       const struct signal_delivery *d)
{
	struct abi_sigaltstack now;

	signal_get_stack(&now, d->frame.rsp);
	if (!(d->action.flags & ABI_SA_ONSTACK) || now.size == 0 ||
	    (now.flags & ABI_SS_ONSTACK))
		return d->frame.rsp;
	if ((uint32_t)now.flags & ABI_SS_AUTODISARM)
		t->signals.alt_stack = (struct abi_sigaltstack){
		    .flags = ABI_SS_DISABLE,
		};
	return (uintptr_t)now.sp + now.size;
}

static void fill(struct user_frame *out, const struct signal_delivery *d,
		 uintptr_t fpu)
{
	memset(&out->uc, 0, sizeof out->uc);
	signal_get_stack(&out->uc.stack, d->frame.rsp);
	arch_context_store(&out->uc.mcontext, &d->frame);
	if (d->is_fault) {
		out->uc.mcontext.trapno = d->frame.vector;
		out->uc.mcontext.err = d->frame.error;
		out->uc.mcontext.cr2 = d->fault_addr;
	}
	out->uc.mcontext.oldmask = d->mask;
	out->uc.mcontext.fpregs = fpu;
	out->uc.sigmask = d->mask;
	out->info = d->info;
	out->restorer = d->action.restorer;
}

struct trap_frame *signal_enter_handler(void)
{
	struct thread *t = thread_current();
	struct signal_delivery *d = &t->signals.delivery;
	struct signal_area *a = percpu_self()->signal_area;
	struct user_frame *at;
	uintptr_t sp, fpu;

	arch_fpu_save(area_fpu(a));
	arch_fpu_mark(area_fpu(a));
	/* The old settings of the alternate stack go to the frame. */
	fill(&a->out, d, 0);
	sp = handler_stack(t, d);
	fpu = (sp - arch_fpu_size) & -FPU_ALIGN;
	a->out.uc.mcontext.fpregs = fpu;
	at = (void *)(((fpu - sizeof a->out) & -STACK_ALIGN) - 8);
	if (user_write((void *)fpu, area_fpu(a), arch_fpu_size) ||
	    user_write(at, &a->out, sizeof a->out))
		panic(&d->frame,
		      "signal %d: no room on the stack for its handler",
		      d->info.signo);
	arch_fpu_reset();
	arch_frame_call(&a->frame, d->action.handler, (uintptr_t)at,
			(uint64_t)d->info.signo, (uintptr_t)&at->info,
			(uintptr_t)&at->uc, true);
	t->arch.in_kernel = 0;
	return &a->frame;
}

/* --- and back --- */

static void load_fpu(struct signal_area *a)
{
	const uint8_t *from = (const uint8_t *)a->in.mcontext.fpregs;
	uint8_t *fpu = area_fpu(a);
	const size_t least = 512;
	uint64_t size;

	if (!from)
		return;
	if (user_read(fpu, from, least))
		panic(&a->frame, "a signal's handler returned with fpregs %p",
		      (const void *)from);
	size = arch_fpu_marked(fpu);
	if (size > least && user_read(fpu + least, from + least, size - least))
		size = least;
	arch_fpu_check(fpu, size);
	arch_fpu_restore(fpu);
}

struct trap_frame *signal_leave_handler(const void *ucontext)
{
	struct thread *t = thread_current();
	struct signal_area *a = percpu_self()->signal_area;
	unsigned long flags;
	sigset_bits left;

	if (user_read(&a->in, ucontext, sizeof a->in))
		panic(NULL, "rt_sigreturn: no ucontext_t at %p", ucontext);
	arch_context_load(&a->frame, &a->in.mcontext);
	load_fpu(a);
	flags = spin_lock(&signal_lock);
	left = signal_set_mask(t, a->in.sigmask);
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
	signal_set_stack(&a->in.stack, a->frame.rsp);
	t->arch.in_kernel = 0;
	signal_leave_interrupt(&a->frame);
	return &a->frame;
}
