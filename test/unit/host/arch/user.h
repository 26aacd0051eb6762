/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/user.h on the host: the real contract; host.c checks pointers
 * (host_bad_range).
 */
#include "../../../../runtime/arch/x86_64/arch/user.h"
