/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>

extern int answer;

const char *mix(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e,
		uint32_t f, int64_t g, uint64_t h, float i, double j, char k,
		int l);
int sum12(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j,
	  int k, int l);
double sum10d(double a, double b, double c, double d, double e, double f,
	      double g, double h, double i, double j);
int8_t narrow(int x);
uint16_t narrow_u(int x);
int fail_with(int code);
