/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * wrap.h - defines wrapped system calls (mark.h).
 *
 *	WRAP3(read, fd, buf, n) { ... }		the first argument is a
 *						descriptor
 *	WRAP_ALWAYS3(open, path, how, mode)	it is not
 */
#ifndef PROVIDE_WRAP_H
#define PROVIDE_WRAP_H

#include "provide/mark.h"

#define PROVIDE_DEFINE(name, held, ...)                                        \
	long wrap_##name(__VA_ARGS__);                                         \
	PROVIDE_MARKED(name, held);                                            \
	__attribute__((__used__)) long wrap_##name(__VA_ARGS__)

#define WRAP1(n, a) PROVIDE_DEFINE(n, PROVIDE_ASKED, long a)
#define WRAP2(n, a, b) PROVIDE_DEFINE(n, PROVIDE_ASKED, long a, long b)
#define WRAP3(n, a, b, c)                                                      \
	PROVIDE_DEFINE(n, PROVIDE_ASKED, long a, long b, long c)
#define WRAP4(n, a, b, c, d)                                                   \
	PROVIDE_DEFINE(n, PROVIDE_ASKED, long a, long b, long c, long d)
#define WRAP5(n, a, b, c, d, e)                                                \
	PROVIDE_DEFINE(n, PROVIDE_ASKED, long a, long b, long c, long d, long e)
#define WRAP6(n, a, b, c, d, e, f)                                             \
	PROVIDE_DEFINE(n, PROVIDE_ASKED, long a, long b, long c, long d,       \
		       long e, long f)

#define WRAP_ALWAYS1(n, a) PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a)
#define WRAP_ALWAYS2(n, a, b) PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a, long b)
#define WRAP_ALWAYS3(n, a, b, c)                                               \
	PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a, long b, long c)
#define WRAP_ALWAYS4(n, a, b, c, d)                                            \
	PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a, long b, long c, long d)
#define WRAP_ALWAYS5(n, a, b, c, d, e)                                         \
	PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a, long b, long c, long d,      \
		       long e)
#define WRAP_ALWAYS6(n, a, b, c, d, e, f)                                      \
	PROVIDE_DEFINE(n, PROVIDE_ALWAYS, long a, long b, long c, long d,      \
		       long e, long f)

#endif
