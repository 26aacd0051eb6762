/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * 128-bit division and conversions that the host's libgcc compiles with a red
 * zone. Names and meanings are those of the GCC Internals manual, "Routines
 * for integer arithmetic" and "Routines for floating point emulation".
 */

typedef unsigned __int128 u128;
typedef __int128 s128;

u128 __udivmodti4(u128 a, u128 b, u128 *rem);
u128 __umodti3(u128 a, u128 b);
long double __floattixf(s128 a);
long double __floatuntixf(u128 a);

/*
 * a / b for b >= 2^64: the quotient is below 2^64, and dividing by b's upper
 * half, normalised, is off by two at most (Knuth, TAOCP 2, 4.3.1, theorem B).
 */
static unsigned long div_wide(u128 a, u128 b)
{
	unsigned long bh = b >> 64, ah, al, q, r;
	int shift = __builtin_clzl(bh);
	unsigned long d = (unsigned long)((b << shift) >> 64);
	u128 n = a >> 1;

	ah = n >> 64;
	al = (unsigned long)n;
	__asm__("divq %4" : "=a"(q), "=d"(r) : "0"(al), "1"(ah), "r"(d) : "cc");
	q = (unsigned long)((u128)q << shift >> 63);
	if (q)
		q--;
	if (a - q * b >= b)
		q++;
	return q;
}

/* a / b; *rem, when asked for, is a % b. Division by zero traps. */
u128 __udivmodti4(u128 a, u128 b, u128 *rem)
{
	unsigned long bl = (unsigned long)b, ah = a >> 64;
	unsigned long qh, ql, r;
	u128 q;

	if (b >> 64) {
		q = a < b ? 0 : div_wide(a, b);
		if (rem)
			*rem = a - q * b;
		return q;
	}
	qh = ah / bl;
	r = ah % bl;
	__asm__("divq %4"
		: "=a"(ql), "=d"(r)
		: "0"((unsigned long)a), "1"(r), "r"(bl)
		: "cc");
	if (rem)
		*rem = r;
	return (u128)qh << 64 | ql;
}

u128 __umodti3(u128 a, u128 b)
{
	u128 rem;

	__udivmodti4(a, b, &rem);
	return rem;
}

/* Both halves are exact in 64 bits of significand: one rounding, in the sum. */
long double __floatuntixf(u128 a)
{
	return (long double)(unsigned long)(a >> 64) * 0x1p64L +
	       (long double)(unsigned long)a;
}

long double __floattixf(s128 a)
{
	return (long double)(long)(a >> 64) * 0x1p64L +
	       (long double)(unsigned long)a;
}
