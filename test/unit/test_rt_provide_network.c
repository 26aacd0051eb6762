/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test/provide/network on the build machine, under the sanitizers: its calls go
 * through the provider layer (provide_posix.h), which has the machine's own
 * kernel below it, as here.
 */
#include "provide_real.h"
