/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/hypercall.h on the host: the real contract; a test that needs them
 * defines the functions, and so is the hypervisor.
 */
#include "../../../../runtime/arch/x86_64/arch/hypercall.h"
