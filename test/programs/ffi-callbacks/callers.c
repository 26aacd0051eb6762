/* SPDX-License-Identifier: BSD-3-Clause */
/* C that calls Haskell: through function pointers and an exported function. */
#include <stdint.h>

#include "HsFFI.h"
#include "Main_stub.h"

typedef int step(int);
typedef double mixed(int, double, char, void *, int64_t, float, int, int,
		     double);

int iterate_step(step *f, int times, int start);
double call_mixed(mixed *f);
int call_export(int n);
step *get_triple(void);

int iterate_step(step *f, int times, int start)
{
	for (int i = 0; i < times; i++)
		start = f(start);
	return start;
}

double call_mixed(mixed *f)
{
	return f(-1, 2.5, 'c', 0, INT64_C(-5000000000), 0.25f, 7, 8, 1e3);
}

int call_export(int n)
{
	return haskellFactorial(n);
}

static int triple(int n)
{
	return 3 * n;
}

step *get_triple(void)
{
	return triple;
}
