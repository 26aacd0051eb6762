/* SPDX-License-Identifier: BSD-3-Clause */
/* C functions with every kind of argument that Haskell can pass. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "parts.h"

int answer = 42;

const char *mix(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e,
		uint32_t f, int64_t g, uint64_t h, float i, double j, char k,
		int l)
{
	static char text[200];

	snprintf(text, sizeof text,
		 "%d %u %d %u %" PRId32 " %" PRIu32 " %" PRId64 " %" PRIu64
		 " %g %g %c %d",
		 a, b, c, d, e, f, g, h, (double)i, j, k, l & 1);
	return text;
}

int sum12(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j,
	  int k, int l)
{
	return a - b + c - d + e - f + g - h + i - j + k * l;
}

double sum10d(double a, double b, double c, double d, double e, double f,
	      double g, double h, double i, double j)
{
	return a + b + c + d + e + f + g + h * i * j;
}

int8_t narrow(int x)
{
	return (int8_t)x;
}

uint16_t narrow_u(int x)
{
	return (uint16_t)x;
}

int fail_with(int code)
{
	errno = code;
	return -1;
}
