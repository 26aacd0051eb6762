/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal.c - registers as a signal's handler sees them (arch/signal.h).
 */
#include <stddef.h>
#include "arch/offsets.h"
#include "arch/percpu.h"
#include "arch/signal.h"
#include "lib/string.h"

_Static_assert(offsetof(struct percpu, signal_area) == PERCPU_SIGNAL_AREA, "");
_Static_assert(offsetof(struct arch_signal_hooks, enter) == SIGNAL_HOOK_ENTER,
	       "");
_Static_assert(offsetof(struct arch_signal_hooks, leave) == SIGNAL_HOOK_LEAVE,
	       "");
_Static_assert(offsetof(struct arch_signal_hooks, leave_call) ==
		   SIGNAL_HOOK_LEAVE_CALL,
	       "");

struct arch_signal_hooks arch_signal_hooks;

/* Intel SDM vol. 1, 3.4.3: flags of the program; bit 1 is always set. */
#define RFLAGS_FIXED 0x2UL
#define RFLAGS_INTERRUPTS 0x200UL
#define RFLAGS_PROGRAM 0x240dd5UL /* CF PF AF ZF SF TF DF OF AC ID */

/* FXSAVE image (Intel SDM vol. 1, 10.5.1) and XSAVE header (13.4.2). */
enum {
	FX_MXCSR = 24,
	FX_MXCSR_MASK = 28,
	FX_SOFTWARE = 464, /* 48 bytes the processor leaves alone */
	FX_SIZE = 512,
	XSAVE_BV = 512,
	XSAVE_COMPACT = 520, /* this and all after it: 0 */
	XSAVE_HEADER_END = 576,
};
#define MXCSR_MASK_DEFAULT 0xffbfu
#define XSTATE_LEGACY 3UL /* x87 and SSE */

/*
 * What Linux keeps in the software's bytes (asm/sigcontext.h, struct
 * _fpx_sw_bytes): that more than 512 bytes follow.
 */
#define FP_XSTATE_MAGIC1 0x46505853u
struct software {
	uint32_t magic, extended_size;
	uint64_t features;
	uint32_t size, padding[7];
};

void arch_frame_call(struct trap_frame *frame, uintptr_t entry, uintptr_t sp,
		     uint64_t a, uint64_t b, uint64_t c, bool interrupts)
{
	*frame = (struct trap_frame){
	    .rdi = a,
	    .rsi = b,
	    .rdx = c,
	    .rip = entry,
	    .rsp = sp,
	    .rflags = RFLAGS_FIXED | (interrupts ? RFLAGS_INTERRUPTS : 0),
	    .cs = SELECTOR_CODE,
	    .ss = SELECTOR_DATA,
	};
}

void arch_context_store(struct abi_mcontext *to, const struct trap_frame *frame)
{
	*to = (struct abi_mcontext){
	    .r8 = frame->r8,
	    .r9 = frame->r9,
	    .r10 = frame->r10,
	    .r11 = frame->r11,
	    .r12 = frame->r12,
	    .r13 = frame->r13,
	    .r14 = frame->r14,
	    .r15 = frame->r15,
	    .rdi = frame->rdi,
	    .rsi = frame->rsi,
	    .rbp = frame->rbp,
	    .rbx = frame->rbx,
	    .rdx = frame->rdx,
	    .rax = frame->rax,
	    .rcx = frame->rcx,
	    .rsp = frame->rsp,
	    .rip = frame->rip,
	    .eflags = frame->rflags,
	    .csgsfs = frame->cs | frame->ss << 48,
	};
}

void arch_context_load(struct trap_frame *frame,
		       const struct abi_mcontext *from)
{
	*frame = (struct trap_frame){
	    .r8 = from->r8,
	    .r9 = from->r9,
	    .r10 = from->r10,
	    .r11 = from->r11,
	    .r12 = from->r12,
	    .r13 = from->r13,
	    .r14 = from->r14,
	    .r15 = from->r15,
	    .rdi = from->rdi,
	    .rsi = from->rsi,
	    .rbp = from->rbp,
	    .rbx = from->rbx,
	    .rdx = from->rdx,
	    .rax = from->rax,
	    .rcx = from->rcx,
	    .rsp = from->rsp,
	    .rip = from->rip,
	    .rflags = (from->eflags & RFLAGS_PROGRAM) | RFLAGS_FIXED |
		      RFLAGS_INTERRUPTS,
	    .cs = SELECTOR_CODE,
	    .ss = SELECTOR_DATA,
	};
}

static uint64_t enabled_features(void)
{
	uint32_t low, high;

	if (arch_fpu_size == FX_SIZE)
		return XSTATE_LEGACY;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}

void arch_fpu_check(void *fpu, uint64_t from_size)
{
	uint8_t *bytes = fpu;
	uint32_t mxcsr, mask;
	uint64_t features;

	memcpy(&mxcsr, bytes + FX_MXCSR, sizeof mxcsr);
	memcpy(&mask, bytes + FX_MXCSR_MASK, sizeof mask);
	mxcsr &= MXCSR_MASK_DEFAULT | (mask & (1u << 6));
	memcpy(bytes + FX_MXCSR, &mxcsr, sizeof mxcsr);
	if (arch_fpu_size == FX_SIZE)
		return;
	if (from_size < arch_fpu_size) {
		memset(bytes + XSAVE_BV, 0, arch_fpu_size - XSAVE_BV);
		features = XSTATE_LEGACY;
	} else {
		memcpy(&features, bytes + XSAVE_BV, sizeof features);
		features &= enabled_features();
	}
	memcpy(bytes + XSAVE_BV, &features, sizeof features);
	memset(bytes + XSAVE_COMPACT, 0, XSAVE_HEADER_END - XSAVE_COMPACT);
}

void arch_fpu_mark(void *fpu)
{
	struct software s = {.magic = FP_XSTATE_MAGIC1};

	memset((uint8_t *)fpu + FX_SOFTWARE, 0, sizeof s);
	if (arch_fpu_size == FX_SIZE)
		return;
	s.size = (uint32_t)arch_fpu_size;
	s.extended_size = s.size;
	s.features = enabled_features();
	memcpy((uint8_t *)fpu + FX_SOFTWARE, &s, sizeof s);
}

uint64_t arch_fpu_marked(const void *fpu)
{
	struct software s;

	memcpy(&s, (const uint8_t *)fpu + FX_SOFTWARE, sizeof s);
	return s.magic == FP_XSTATE_MAGIC1 && s.size == arch_fpu_size
		   ? arch_fpu_size
		   : FX_SIZE;
}

void arch_fpu_reset(void)
{
	static const uint32_t mxcsr = 0x1f80; /* all exceptions masked */

	__asm__ volatile("fninit; ldmxcsr %0" : : "m"(mxcsr));
}

/* Why: bits of MXCSR or of the x87 status word, unmasked (SDM vol. 1, 4.9). */
static int float_code(uint32_t raised)
{
	static const struct {
		uint32_t bit;
		int code;
	} codes[] = {
	    {1, ABI_FPE_FLTINV}, {2, ABI_FPE_FLTUND},  {4, ABI_FPE_FLTDIV},
	    {8, ABI_FPE_FLTOVF}, {16, ABI_FPE_FLTUND}, {32, ABI_FPE_FLTRES},
	};

	for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (raised & codes[i].bit)
			return codes[i].code;
	return 0;
}

static int x87_code(void)
{
	uint16_t status, control;

	__asm__ volatile("fnstsw %0; fnstcw %1" : "=m"(status), "=m"(control));
	return float_code(status & ~(uint32_t)control);
}

static int sse_code(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return float_code(mxcsr & ~(mxcsr >> 7));
}

/* Vectors: Intel SDM vol. 3, 6.3.1. */
int arch_exception_signal(const struct trap_frame *frame, int *code)
{
	switch (frame->vector) {
	case 0: /* divide error */
		*code = ABI_FPE_INTDIV;
		return ABI_SIGFPE;
	case 1: /* debug */
		*code = ABI_TRAP_TRACE;
		return ABI_SIGTRAP;
	case 3: /* breakpoint */
		*code = ABI_TRAP_BRKPT;
		return ABI_SIGTRAP;
	case 6: /* invalid opcode */
		*code = ABI_ILL_ILLOPN;
		return ABI_SIGILL;
	case 12: /* stack segment: an address that isn't canonical */
	case 13: /* general protection */
		*code = ABI_SI_KERNEL;
		return ABI_SIGSEGV;
	case 14: /* page fault; error bit 0: the page is there */
		*code = frame->error & 1 ? ABI_SEGV_ACCERR : ABI_SEGV_MAPERR;
		return ABI_SIGSEGV;
	case 16: /* x87 */
		*code = x87_code();
		return ABI_SIGFPE;
	case 17: /* alignment check */
		*code = ABI_BUS_ADRALN;
		return ABI_SIGBUS;
	case 19: /* SSE */
		*code = sse_code();
		return ABI_SIGFPE;
	default: /* double fault, machine check ... */
		return 0;
	}
}
