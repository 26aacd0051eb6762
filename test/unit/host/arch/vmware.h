/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/vmware.h on the host: the real one; the test is the machine.
 */
#include "../../../../runtime/arch/x86_64/arch/vmware.h"
