/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_signal.c - into signal handlers and back on the host (host.h).
 *
 * Handlers are called for real, on the stack of whoever is interrupted; the
 * frames that the runtime writes for them lie on a buffer that stands for the
 * program's stack, and a handler that returns does what libc's restorer does.
 */
#include <string.h>
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/signal.h"
#include "core/thread.h"
#include "host.h"

struct arch_signal_hooks arch_signal_hooks;
const char arch_signal_trampoline[1];

void arch_frame_call(struct trap_frame *frame, uintptr_t entry, uintptr_t sp,
		     uint64_t a, uint64_t b, uint64_t c, bool interrupts)
{
	*frame = (struct trap_frame){
	    .rdi = a,
	    .rsi = b,
	    .rdx = c,
	    .rip = entry,
	    .rsp = sp,
	    .rflags = interrupts ? RFLAGS_IF : 0,
	};
}

void arch_context_store(struct abi_mcontext *to, const struct trap_frame *frame)
{
	memset(to, 0, sizeof *to);
	to->rip = frame->rip;
	to->rsp = frame->rsp;
	to->rax = frame->rax;
	to->rbx = frame->rbx;
	to->eflags = frame->rflags;
}

void arch_context_load(struct trap_frame *frame,
		       const struct abi_mcontext *from)
{
	memset(frame, 0, sizeof *frame);
	frame->rip = from->rip;
	frame->rsp = from->rsp;
	frame->rax = from->rax;
	frame->rbx = from->rbx;
	frame->rflags = RFLAGS_IF;
}

void arch_fpu_check(void *fpu, uint64_t from_size)
{
	(void)fpu;
	(void)from_size;
}

void arch_fpu_mark(void *fpu)
{
	(void)fpu;
}

uint64_t arch_fpu_marked(const void *fpu)
{
	(void)fpu;
	return arch_fpu_size;
}

void arch_fpu_reset(void)
{
}

int arch_exception_signal(const struct trap_frame *frame, int *code)
{
	*code = ABI_SEGV_MAPERR;
	return frame->vector == 14 ? ABI_SIGSEGV : 0;
}

static void call_handler(const struct trap_frame *f)
{
	void (*fn)(long, void *, void *) =
	    (void (*)(long, void *, void *))f->rip;

	if (f->rsp % 16 != 8)
		host_fail("a handler's stack isn't aligned");
	irq_enable();
	fn((long)f->rdi, (void *)f->rsi, (void *)f->rdx);
	irq_disable();
}

void host_continue(struct trap_frame *f)
{
	while (f->rip != HOST_RIP) {
		if (f->rip == (uintptr_t)arch_signal_trampoline) {
			*f = *arch_signal_hooks.enter();
			continue;
		}
		call_handler(f);
		thread_current()->arch.in_kernel++;
		*f = *arch_signal_hooks.leave((void *)(f->rsp + 8));
	}
}

long arch_with_frame(void (*fn)(struct trap_frame *frame))
{
	char stack[HOST_USER_STACK] __attribute__((__aligned__(64)));
	struct trap_frame f = {
	    .rip = HOST_RIP,
	    .rsp = (uintptr_t)stack + sizeof stack,
	    .rflags = RFLAGS_IF,
	};
	unsigned long flags = irq_save();

	fn(&f);
	host_continue(&f);
	irq_restore(flags);
	return (long)f.rax;
}
