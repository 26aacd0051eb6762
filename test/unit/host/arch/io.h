/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/io.h on the host: the real one; tests need its barriers only.
 */
#include "../../../../runtime/arch/x86_64/arch/io.h"
