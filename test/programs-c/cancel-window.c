/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The race of cancellation, made certain: the cancelling signal arrives at
 * each single instruction of the runtime's cancellation point.
 *
 * A thread steps itself through the point by the trap flag.  At the chosen
 * instruction its SIGTRAP handler lets the main thread cancel it, with the
 * signal blocked, so that it arrives at just that instruction when the
 * handler returns.  In the window the call must not happen: a byte waits in
 * the pipe, and must still be there.  Behind it the byte must be delivered,
 * and the thread end at its next cancellation point.
 *
 * The trap flag can't stop at the window's end, because a return from the
 * kernel lets one instruction pass; a breakpoint instruction put there does.
 * With an argument the program ends before that.
 *
 * What waits here mustn't wait in a cancellation point: hence sched_yield.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include "check.h"
#include "halvm/runtime.h"

enum { trap_flag = 0x100, breakpoint = 0xcc, most_steps = 100 };
enum { sigcancel = 33, at_end = -1 };

static int bytes[2];
static int stop_at;	       /* cancel at this instruction of the point */
static volatile int steps;     /* instructions of the point seen so far */
static volatile int reached;   /* the handler has stopped */
static volatile int resume;    /* it may go on */
static volatile int ended;     /* the read is over */
static volatile int in_window; /* where: in the window */
static volatile int at_call;   /* where: at what enters the kernel */
static volatile long result;
static unsigned char end_code; /* what the breakpoint replaces */

static void put_code(const char *where, unsigned char code)
{
	uintptr_t page = (uintptr_t)where & ~4095UL;

	/* Executable throughout: mprotect itself may lie in the page. */
	CHECK(mprotect((void *)page, 4096,
		       PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
	*(volatile unsigned char *)(uintptr_t)where = code;
	CHECK(mprotect((void *)page, 4096, PROT_READ | PROT_EXEC) == 0);
}

static void on_trap(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	const char *pc = (const char *)regs[REG_RIP];

	(void)sig;
	(void)info;
	if (stop_at == at_end && pc == halvm_cancel_end + 1) {
		regs[REG_RIP] = (greg_t)--pc;
		put_code(pc, end_code);
	} else if (pc < halvm_cancel_begin || pc >= halvm_cancel_end ||
		   steps++ != stop_at)
		return;
	in_window = pc >= halvm_cancel_begin && pc < halvm_cancel_end;
	/* `syscall` has two bytes, a unikernel's count of the call three. */
	at_call = pc == halvm_cancel_end - 2 || pc == halvm_cancel_end - 3;
	regs[REG_EFL] &= ~trap_flag;
	reached = 1;
	while (!resume)
		sched_yield();
}

static inline void set_flags(unsigned long and, unsigned long or)
{
	unsigned long flags;

	__asm__ volatile("pushf\n\tpop %0" : "=r"(flags) : : "memory");
	flags = (flags & and) | or ;
	__asm__ volatile("push %0\n\tpopf" : : "r"(flags) : "cc", "memory");
}

/* Steps through one read, which the handler ends. */
static void *stepper(void *arg)
{
	char c;

	if (stop_at != at_end)
		set_flags(~0UL, trap_flag);
	else
		put_code(halvm_cancel_end, breakpoint);
	result = read(bytes[0], &c, 1);
	set_flags(~(unsigned long)trap_flag, 0);
	ended = 1;
	pthread_testcancel();
	return arg;
}

static int bytes_left(void)
{
	char c;
	int n = 0;

	while (read(bytes[0], &c, 1) == 1)
		n++;
	return n;
}

/* False when the point has no instruction of that number. */
static int cancel_at(int instruction)
{
	pthread_t t;
	void *status;

	stop_at = instruction;
	steps = reached = resume = ended = in_window = at_call = 0;
	result = -2;
	CHECK(write(bytes[1], "x", 1) == 1);
	CHECK(pthread_create(&t, NULL, stepper, NULL) == 0);
	while (!reached && !ended)
		sched_yield();
	if (reached) {
		CHECK(pthread_cancel(t) == 0);
		resume = 1;
	}
	CHECK(pthread_join(t, &status) == 0);
	CHECK(status == (reached ? PTHREAD_CANCELED : NULL));
	CHECK(result == (in_window ? -2 : 1));
	CHECK(bytes_left() == (in_window ? 1 : 0));
	return reached;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_sigaction = on_trap,
				   .sa_flags = SA_SIGINFO};
	int inside = 0, calls = 0;

	CHECK(pipe2(bytes, O_NONBLOCK) == 0);
	/* sigaddset refuses libc's own signals; the handler must block it. */
	sigfillset(&action.sa_mask);
	action.sa_mask.__bits[0] |= 1UL << (sigcancel - 1);
	CHECK(sigaction(SIGTRAP, &action, NULL) == 0);

	for (int i = 0; i < most_steps && cancel_at(i); i++) {
		CHECK(in_window);
		inside++;
		calls += at_call;
	}
	CHECK(inside >= 3 && calls == 1);
	passed("in the window: not called");
	/* In a unikernel what comes behind is the call: no handler runs there.
	 */
	if (argc > 1 && argv[1])
		return 0;

	end_code = *(const unsigned char *)halvm_cancel_end;
	CHECK(cancel_at(at_end) && !in_window);
	passed("behind it: called, nothing lost");
	return 0;
}
