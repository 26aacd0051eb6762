/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fpu.c - the state of the x87, SSE and AVX units.
 *
 * With XSAVE the whole enabled state is kept (Intel SDM vol. 1, ch. 13), else
 * FXSAVE's 512 bytes.
 */
#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/fpu.h"
#include "lib/string.h"

/* CPUID.1:ECX; CR4; XCR0's components x87, SSE, AVX, AVX-512 (three). */
#define CPUID_XSAVE (1u << 26)
#define CR4_OSXSAVE (1UL << 18)
#define XCR0_WANTED 0xe7u

#define FXSAVE_SIZE 512
#define FXSAVE_FCW 0
#define FXSAVE_MXCSR 24
#define FCW_DEFAULT 0x37f
#define MXCSR_DEFAULT 0x1f80

size_t arch_fpu_size = FXSAVE_SIZE;
static bool has_xsave;

void fpu_init(void)
{
	uint32_t low, high = 0;
	unsigned long cr4;

	__asm__ volatile("fninit");
	if (!(cpu_id(1, 0).ecx & CPUID_XSAVE))
		return;
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	__asm__ volatile("mov %0, %%cr4" : : "r"(cr4 | CR4_OSXSAVE));
	low = cpu_id(0xd, 0).eax & XCR0_WANTED;
	__asm__ volatile("xsetbv" : : "c"(0), "a"(low), "d"(high));
	/* EBX: bytes that what XCR0 now enables needs. */
	arch_fpu_size = (cpu_id(0xd, 0).ebx + 63) & ~63UL;
	has_xsave = true;
}

void arch_fpu_init(void *fpu)
{
	uint8_t *bytes = fpu;
	uint16_t fcw = FCW_DEFAULT;
	uint32_t mxcsr = MXCSR_DEFAULT;

	/* XRSTOR: XSTATE_BV 0 stands for initial states, but for MXCSR. */
	memset(bytes, 0, arch_fpu_size);
	memcpy(bytes + FXSAVE_FCW, &fcw, sizeof fcw);
	memcpy(bytes + FXSAVE_MXCSR, &mxcsr, sizeof mxcsr);
}

void arch_fpu_save(void *fpu)
{
	if (has_xsave)
		__asm__ volatile("xsave64 (%0)"
				 :
				 : "r"(fpu), "a"(~0u), "d"(~0u)
				 : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(fpu) : "memory");
}

void arch_fpu_restore(const void *fpu)
{
	if (has_xsave)
		__asm__ volatile("xrstor64 (%0)"
				 :
				 : "r"(fpu), "a"(~0u), "d"(~0u)
				 : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(fpu) : "memory");
}
