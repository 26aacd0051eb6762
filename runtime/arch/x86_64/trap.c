/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * trap.c - the interrupt descriptor table, and what a trap leads to.
 */
#include <stddef.h>
#include "arch/cpu.h"
#include "arch/cpu_init.h"
#include "arch/offsets.h"
#include "arch/percpu.h"
#include "arch/trap.h"
#include "halvm/abi/errno.h"

_Static_assert(offsetof(struct percpu, current) == PERCPU_CURRENT, "");
_Static_assert(offsetof(struct percpu, self) == PERCPU_SELF, "");
_Static_assert(offsetof(struct percpu, exit_stack) == PERCPU_EXIT_STACK, "");
_Static_assert(offsetof(struct percpu, irq_stack) == PERCPU_IRQ_STACK, "");
_Static_assert(VECTOR_EVENT == EVENT_NUMBER, "");
_Static_assert(offsetof(struct arch_thread, rsp) == ARCH_RSP, "");
_Static_assert(offsetof(struct arch_thread, in_kernel) == ARCH_IN_KERNEL, "");
_Static_assert(offsetof(struct arch_thread, pending) == ARCH_PENDING, "");
_Static_assert(offsetof(struct arch_thread, fs_base) == ARCH_FS_BASE, "");
_Static_assert(offsetof(struct arch_thread, preempted) == ARCH_PREEMPTED, "");
_Static_assert(offsetof(struct arch_thread, frame) == ARCH_FRAME, "");
_Static_assert(offsetof(struct arch_thread, fpu) == ARCH_FPU, "");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "");
_Static_assert(offsetof(struct trap_frame, rip) == FRAME_RIP, "");

/* vectors.S */
extern const char trap_entries[], trap_event_entry[];
#define ENTRY_SIZE 16
/* user.S */
extern const char user_access_begin[], user_access_end[], user_fault[];

/* Intel SDM vol. 3, 6.14.1 and 4.7 (error code of a page fault) */
#define GATE_INTERRUPT 0x8e
#define PF_WRITE 2
#define PF_FETCH 16

enum { VECTOR_NMI = 2, VECTOR_DOUBLE_FAULT = 8, VECTOR_MACHINE_CHECK = 18 };

struct gate {
	uint16_t low, selector;
	uint8_t ist, type;
	uint16_t middle;
	uint32_t high, reserved;
};

static struct gate table[VECTORS] __attribute__((__aligned__(16)));
static struct trap_hooks hooks;
static struct {
	void (*fn)(void *);
	void *argument;
} handlers[VECTORS - VECTOR_IRQ_FIRST];
static bool in_fault[CPUS_MAX];

static unsigned stack_of(unsigned vector)
{
	if (vector == VECTOR_NMI || vector == VECTOR_DOUBLE_FAULT ||
	    vector == VECTOR_MACHINE_CHECK)
		return IST_ABORT;
	return vector < VECTOR_IRQ_FIRST ? IST_FAULT : IST_IRQ;
}

static void set_gate(unsigned vector, uint64_t entry, unsigned stack)
{
	table[vector] = (struct gate){
	    .low = (uint16_t)entry,
	    .middle = (uint16_t)(entry >> 16),
	    .selector = SELECTOR_CODE,
	    .ist = (uint8_t)stack,
	    .type = GATE_INTERRUPT,
	};
}

void trap_init(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((__packed__)) idt = {sizeof table - 1, (uint64_t)table};
	uint64_t entry = (uint64_t)trap_entries;

	for (unsigned i = 0; i < VECTORS; i++, entry += ENTRY_SIZE)
		set_gate(i, entry, stack_of(i));
	__asm__ volatile("lidt %0" : : "m"(idt));
}

void trap_use_event(void)
{
	set_gate(VECTOR_EVENT, (uint64_t)trap_event_entry, 0);
}

void trap_set_hooks(const struct trap_hooks *h)
{
	hooks = *h;
}

void trap_set_handler(unsigned vector, void (*fn)(void *), void *argument)
{
	handlers[vector - VECTOR_IRQ_FIRST].argument = argument;
	handlers[vector - VECTOR_IRQ_FIRST].fn = fn;
}

int trap_alloc_vector(void)
{
	for (int v = VECTOR_IRQ_LAST; v >= VECTOR_IRQ_FIRST; v--)
		if (!handlers[v - VECTOR_IRQ_FIRST].fn)
			return v;
	return -ENOSPC;
}

static bool in_user_access(uint64_t rip)
{
	return rip >= (uint64_t)user_access_begin &&
	       rip < (uint64_t)user_access_end;
}

static void page_fault(struct trap_frame *frame)
{
	unsigned cpu = percpu_self()->index, access = 0;
	uint64_t addr;

	__asm__ volatile("mov %%cr2, %0" : "=r"(addr));
	if (frame->error & PF_WRITE)
		access |= FAULT_WRITE;
	if (frame->error & PF_FETCH)
		access |= FAULT_EXEC;
	/* A fault of the fault's own handler: only the end is left. */
	if (in_fault[cpu])
		hooks.exception(frame, addr);
	in_fault[cpu] = true;
	if (hooks.page_fault(addr, access) == 0) {
		in_fault[cpu] = false;
		return;
	}
	in_fault[cpu] = false;
	if (in_user_access(frame->rip))
		frame->rip = (uint64_t)user_fault;
	else
		hooks.exception(frame, addr);
}

/* vectors.S; interrupts are off, on one of the trap stacks. */
void trap_dispatch(struct trap_frame *frame);
void trap_dispatch(struct trap_frame *frame)
{
	struct percpu *cpu = percpu_self();

	if (frame->vector == VECTOR_PAGE_FAULT) {
		page_fault(frame);
	} else if (frame->vector < VECTOR_IRQ_FIRST) {
		hooks.exception(frame, 0);
	} else {
		unsigned i = (unsigned)frame->vector - VECTOR_IRQ_FIRST;

		cpu->irq_depth++;
		if (handlers[i].fn)
			handlers[i].fn(handlers[i].argument);
		cpu->irq_depth--;
		hooks.leave(frame);
	}
}
