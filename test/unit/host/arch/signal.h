/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/signal.h on the host: the real contract; host_signal.c implements it.
 */
#include "../../../../runtime/arch/x86_64/arch/signal.h"
