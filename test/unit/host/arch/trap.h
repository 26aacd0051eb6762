/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/trap.h on the host: the real contract; host.c keeps the hooks.
 */
#include "../../../../runtime/arch/x86_64/arch/trap.h"
