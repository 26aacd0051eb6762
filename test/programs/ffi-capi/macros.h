/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>

#define SQUARE(x) ((x) * (x))
#define ADD(x, y) ((x) + (y))
#define GREETING "hello from a macro"
#define LIMIT (1UL << 40)

int total(int n, ...);
