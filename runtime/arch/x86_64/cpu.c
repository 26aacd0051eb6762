/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cpu.c - what each CPU needs to run C and take traps: segments, the task
 * state with the stacks of the traps (IST), per-CPU data.
 *
 * Long mode ignores most of a segment; what counts is the GDT's code segment,
 * the TSS, and the base of GS.  SS may be a null selector after an interrupt
 * changes stacks (Intel SDM vol. 3, 6.14.4), which iretq takes back.
 */
#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/cpu_init.h"
#include "arch/offsets.h"
#include "arch/percpu.h"

#define IRQ_STACK_SIZE 16384
#define FAULT_STACK_SIZE 16384
#define ABORT_STACK_SIZE 4096
#define EXIT_STACK_SIZE 8192

/* Intel SDM vol. 3, figure 8-11. */
struct task_state {
	uint32_t reserved0;
	uint64_t rsp[3], reserved1, ist[7], reserved2;
	uint16_t reserved3, io_map;
} __attribute__((__packed__));

struct cpu_area {
	struct percpu percpu;
	struct task_state tss;
	uint64_t gdt[5];
	uint8_t irq_stack[IRQ_STACK_SIZE] __attribute__((__aligned__(16)));
	uint8_t fault_stack[FAULT_STACK_SIZE] __attribute__((__aligned__(16)));
	uint8_t abort_stack[ABORT_STACK_SIZE] __attribute__((__aligned__(16)));
	uint8_t exit_stack[EXIT_STACK_SIZE] __attribute__((__aligned__(16)));
};

static struct cpu_area areas[CPUS_MAX];
uint64_t arch_fs_base_now; /* of the one CPU, until the first thread */

#define GDT_CODE 0x00af9a000000ffffUL /* 64 bits, present, ring 0 */
#define GDT_DATA 0x00cf92000000ffffUL
#define GDT_TSS (0x89UL << 40) /* available 64-bit TSS, present */

static void load_gdt(struct cpu_area *area)
{
	uint64_t tss = (uint64_t)&area->tss;
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((__packed__))
	table = {sizeof area->gdt - 1, (uint64_t)area->gdt};

	area->gdt[SELECTOR_CODE / 8] = GDT_CODE;
	area->gdt[SELECTOR_DATA / 8] = GDT_DATA;
	area->gdt[SELECTOR_TSS / 8] = GDT_TSS | (sizeof area->tss - 1) |
				      (tss & 0xffffff) << 16 |
				      (tss >> 24 & 0xff) << 56;
	area->gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
	__asm__ volatile("lgdt %0" : : "m"(table));
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void cpu_init(unsigned index)
{
	struct cpu_area *area = &areas[index];

	area->percpu.self = &area->percpu;
	area->percpu.index = index;
	area->percpu.exit_stack = area->exit_stack + EXIT_STACK_SIZE;
	area->percpu.irq_stack = area->irq_stack + IRQ_STACK_SIZE;
	area->tss.ist[IST_IRQ - 1] = (uint64_t)area->irq_stack + IRQ_STACK_SIZE;
	area->tss.ist[IST_FAULT - 1] =
	    (uint64_t)area->fault_stack + FAULT_STACK_SIZE;
	area->tss.ist[IST_ABORT - 1] =
	    (uint64_t)area->abort_stack + ABORT_STACK_SIZE;
	area->tss.io_map = sizeof area->tss;
	load_gdt(area);
	cpu_write_msr(MSR_GS_BASE, (uint64_t)&area->percpu);
}

void arch_set_fs_base(struct arch_thread *t, uint64_t base)
{
	unsigned long flags = irq_save();

	t->fs_base = base;
	arch_fs_base_now = base;
	cpu_write_msr(MSR_FS_BASE, base);
	irq_restore(flags);
}

void arch_thread_start(struct arch_thread *t, uintptr_t rip, uintptr_t rsp,
		       uintptr_t argument)
{
	t->frame = (struct trap_frame){.rip = rip,
				       .rsp = rsp,
				       .rdi = argument,
				       .cs = SELECTOR_CODE,
				       .ss = SELECTOR_DATA,
				       .rflags = RFLAGS_IF | 2};
	arch_fpu_init(t->fpu);
	t->preempted = true;
}

void arch_preempt(struct arch_thread *t, const struct trap_frame *frame)
{
	t->frame = *frame;
	arch_fpu_save(t->fpu);
	t->preempted = true;
}
