/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/fpu.h - start of the FPU on this CPU: enables what the processor has
 * and sets arch_fpu_size.  The rest is in context.h.
 */
#ifndef ARCH_FPU_H
#define ARCH_FPU_H

void fpu_init(void);

#endif
