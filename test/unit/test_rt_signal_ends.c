/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_signal_ends.c - exceptions, and the ends that signals bring.
 */
#include "arch/cpu.h"
#include "core/panic.h"
#include "rt_signal.h"
#include "sys/sys.h"

static void exception(uint64_t vector)
{
	char stack[HOST_USER_STACK] __attribute__((__aligned__(64)));
	struct trap_frame f = {
	    .rip = HOST_RIP,
	    .rsp = (uintptr_t)stack + sizeof stack,
	    .rflags = RFLAGS_IF,
	    .vector = vector,
	    .rbx = 5,
	};

	irq_disable();
	signal_exception(&f, 0x1234);
	host_continue(&f);
	irq_enable();
	check(f.rip == HOST_RIP && f.rbx == 5, "it goes on where it was");
}

static void test_exception(void)
{
	act(ABI_SIGSEGV, handler, 0, 0);
	exception(14);
	check(count == 1 && seen[0].sig == ABI_SIGSEGV &&
		  seen[0].info.fault.addr == 0x1234 &&
		  seen[0].info.code == ABI_SEGV_MAPERR,
	      "SIGSEGV");
	dispose(ABI_SIGSEGV, ABI_SIG_DFL);
}

static void die_by(void *sig)
{
	dispose(*(int *)sig, ABI_SIG_DFL);
	kill_self(*(int *)sig);
	_exit(0);
}

static void die_late(void *unused)
{
	(void)unused;
	dispose(ABI_SIGUSR1, ABI_SIG_DFL);
	host_raise(send_usr1, NULL);
	_exit(0);
}

static void fault(void *blocked)
{
	act(ABI_SIGSEGV, blocked ? handler : NULL, 0, 0);
	if (blocked)
		set_mask(BIT(ABI_SIGSEGV));
	exception(14);
}

static void fault_inside(void *unused)
{
	(void)unused;
	act(ABI_SIGSEGV, handler, 0, 0);
	sys_enter(thread_current());
	exception(14);
}

static void tell_status(int status)
{
	fprintf(stderr, "status %d", status);
}

static void leave(void *unused)
{
	(void)unused;
	status_output = tell_status;
	process_exit(0x107);
}

static void test_ends(void)
{
	int term = ABI_SIGTERM, child = ABI_SIGCHLD, stop = ABI_SIGSTOP;
	int killed = ABI_SIGKILL;

	check_dies(die_by, &term, 128 + ABI_SIGTERM, "", "SIGTERM");
	check_dies(die_by, &killed, 128 + ABI_SIGKILL, "", "SIGKILL");
	check_dies(die_by, &child, 0, "", "SIGCHLD does nothing");
	check_dies(die_by, &stop, 0, "", "there is nobody to go on for");
	check_dies(die_late, NULL, 128 + ABI_SIGUSR1, "", "by an interrupt");
	check_dies(fault, NULL, 125, "page fault at 0x1234", "a fault");
	check_dies(fault, NULL, 125, "signal 11", "names the signal");
	check_dies(fault, &term, 125, "signal 11", "a blocked fault");
	check_dies(fault_inside, NULL, 125, "in the runtime", "in a call");
	check_dies(leave, NULL, 7, "status 7", "the status is told");
}

int main(void)
{
	host_threads_start();
	test_exception();
	test_ends();
	return check_done();
}
