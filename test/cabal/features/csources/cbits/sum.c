/* Compiled by cabal with cc-options. */
#include "sum.h"

#include <math.h>

long sum_add(struct sum_state *s, int value)
{
	if (s->count++ == 0)
		s->total = SUM_START;
	s->total += s->kind == SUM_SQUARES ? (long)value * value : value;
	return s->total;
}

double sum_root(double x)
{
	return sqrt(x) + cbrt(x);
}
