/* SPDX-License-Identifier: BSD-3-Clause */
/* A function of variable arity. */
#include "macros.h"

int total(int n, ...)
{
	va_list args;
	int sum = 0;

	va_start(args, n);
	while (n-- > 0)
		sum += va_arg(args, int);
	va_end(args);
	return sum;
}
