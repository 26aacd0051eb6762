/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/apic.h on the host: the real contract; a test that needs it defines the
 * functions.
 */
#include "../../../../runtime/arch/x86_64/arch/apic.h"
