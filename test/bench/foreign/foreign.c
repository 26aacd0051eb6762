/* SPDX-License-Identifier: BSD-3-Clause */
/* What Main.hs calls: as little work as can be. */
long foreign_add(long a, long b);
long foreign_first(const unsigned char *bytes, long i);
long foreign_repeat(long (*f)(long), long times);

long foreign_add(long a, long b)
{
	return a + b;
}

long foreign_first(const unsigned char *bytes, long i)
{
	return bytes[i & 63];
}

long foreign_repeat(long (*f)(long), long times)
{
	long n = 0;

	while (times-- > 0)
		n = f(n);
	return n;
}
