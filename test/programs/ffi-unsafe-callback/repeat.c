/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls back as often as it is told. */
typedef int step(int);

int repeat_step(step *f, int times);

int repeat_step(step *f, int times)
{
	int n = 0;

	while (times-- > 0)
		n = f(n);
	return n;
}
