/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal_fault.c - exceptions: a signal for the program that handles it, else
 * the end with a cause.
 */
#include "arch/cpu.h"
#include "arch/page.h"
#include "arch/percpu.h"
#include "arch/signal.h"
#include "arch/trap.h"
#include "core/pages.h"
#include "core/panic.h"
#include "core/signal_core.h"
#include "core/thread.h"
#include "core/vm.h"

static bool is_mapped(uintptr_t addr)
{
	struct vm_area_info area;

	return vm_next_area(addr, &area) && area.start <= addr;
}

/* Whether the program handles this exception; then it is in d. */
static bool begin_fault(struct thread *t, int sig, int code, uintptr_t addr,
			const struct trap_frame *frame)
{
	struct signal_delivery *d = &t->signals.delivery;
	unsigned long flags = spin_lock(&signal_lock);
	sigset_bits left = 0;
	bool handled = signal_actions[sig - 1].handler > ABI_SIG_IGN &&
		       !(t->signals.blocked & ABI_SIG_BIT(sig));

	if (handled) {
		d->action = signal_actions[sig - 1];
		d->info = (struct abi_siginfo){
		    .signo = sig,
		    .code = code,
		    .fault.addr = addr,
		};
		d->is_fault = true;
		d->fault_addr = addr;
		d->frame = *frame;
		left = signal_begin(t, d);
	}
	spin_unlock(&signal_lock, flags);
	if (left)
		signal_retarget(left);
	return handled;
}

static const char *name_of(const struct trap_frame *frame)
{
	static const char *const names[] = {
	    [0] = "division by zero",
	    [1] = "debug trap",
	    [3] = "breakpoint",
	    [6] = "invalid instruction",
	    [8] = "double fault",
	    [12] = "stack segment fault",
	    [13] = "general protection fault",
	    [14] = "page fault",
	    [16] = "floating point exception",
	    [17] = "unaligned access",
	    [18] = "machine check",
	    [19] = "SIMD floating point exception",
	};
	uint64_t v = frame->vector;

	return v < sizeof names / sizeof names[0] && names[v] ? names[v]
							      : "exception";
}

static _Noreturn void fail(const struct trap_frame *frame, uintptr_t addr,
			   int sig, bool in_runtime)
{
	const char *where = in_runtime ? " in the runtime" : "";

	if (frame->vector == VECTOR_PAGE_FAULT)
		panic(frame, "%s%s at 0x%lx (%s), signal %d", name_of(frame),
		      where, addr,
		      frame->error & 16	 ? "execute"
		      : frame->error & 2 ? "write"
					 : "read",
		      sig);
	if (sig)
		panic(frame, "%s%s, signal %d", name_of(frame), where, sig);
	panic(frame, "%s%s (vector %lu, error 0x%lx)", name_of(frame), where,
	      frame->vector, frame->error);
}

void signal_exception(struct trap_frame *frame, uintptr_t addr)
{
	struct thread *t = thread_current();
	int code = 0, sig = arch_exception_signal(frame, &code);
	bool in_runtime = !t || t->arch.in_kernel || percpu_self()->irq_depth ||
			  !(frame->rflags & RFLAGS_IF);

	/* The program steps itself into a call: the next step is behind it. */
	if (frame->vector == VECTOR_DEBUG && in_runtime)
		return;
	if (frame->vector == VECTOR_PAGE_FAULT && vm_fault_starved(addr))
		panic(frame,
		      "out of memory: no page for 0x%lx, all of %lu MiB is in "
		      "use",
		      addr, pages_total() * PAGE_SIZE >> 20);
	if (!sig || in_runtime)
		fail(frame, addr, sig, true);
	if (frame->vector != VECTOR_PAGE_FAULT)
		addr = frame->rip;
	else if (is_mapped(addr))
		code = ABI_SEGV_ACCERR;
	if (!begin_fault(t, sig, code, addr, frame))
		fail(frame, addr, sig, false);
	t->arch.in_kernel = 1;
	arch_frame_call(frame, (uintptr_t)arch_signal_trampoline, frame->rsp, 0,
			0, 0, false);
}
