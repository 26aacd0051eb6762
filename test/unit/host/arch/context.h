/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/context.h on the host: the real contract; host.c implements it by
 * ucontext(3).
 */
#include "../../../../runtime/arch/x86_64/arch/context.h"
