/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Complex multiplication and division for float and long double, which the
 * host's libgcc compiles with a red zone: (a+ib)(c+id) and (a+ib)/(c+id), with
 * infinities recovered from NaNs as C11 Annex G.5.1 wants it.
 */

#define ISNAN(x) __builtin_isnan(x)
#define ISINF(x) __builtin_isinf(x)
#define ISFIN(x) __builtin_isfinite(x)

#define COMPLEX(T, MUL, DIV, COPYSIGN, INF, FABS)                              \
	_Complex T MUL(T a, T b, T c, T d);                                    \
	_Complex T DIV(T a, T b, T c, T d);                                    \
	static T MUL##_box(T x)                                                \
	{                                                                      \
		return COPYSIGN(ISINF(x) ? (T)1 : (T)0, x);                    \
	}                                                                      \
	static T MUL##_zero(T x)                                               \
	{                                                                      \
		return ISNAN(x) ? COPYSIGN((T)0, x) : x;                       \
	}                                                                      \
	static _Complex T MUL##_make(T re, T im)                               \
	{                                                                      \
		_Complex T z;                                                  \
		__real__ z = re;                                               \
		__imag__ z = im;                                               \
		return z;                                                      \
	}                                                                      \
	_Complex T MUL(T a, T b, T c, T d)                                     \
	{                                                                      \
		T ac = a * c, bd = b * d, ad = a * d, bc = b * c;              \
		T x = ac - bd, y = ad + bc;                                    \
		int again = 0;                                                 \
		if (!ISNAN(x) || !ISNAN(y))                                    \
			return MUL##_make(x, y);                               \
		if (ISINF(a) || ISINF(b)) {                                    \
			a = MUL##_box(a);                                      \
			b = MUL##_box(b);                                      \
			c = MUL##_zero(c);                                     \
			d = MUL##_zero(d);                                     \
			again = 1;                                             \
		}                                                              \
		if (ISINF(c) || ISINF(d)) {                                    \
			c = MUL##_box(c);                                      \
			d = MUL##_box(d);                                      \
			a = MUL##_zero(a);                                     \
			b = MUL##_zero(b);                                     \
			again = 1;                                             \
		}                                                              \
		if (!again &&                                                  \
		    (ISINF(ac) || ISINF(bd) || ISINF(ad) || ISINF(bc))) {      \
			a = MUL##_zero(a);                                     \
			b = MUL##_zero(b);                                     \
			c = MUL##_zero(c);                                     \
			d = MUL##_zero(d);                                     \
			again = 1;                                             \
		}                                                              \
		if (again) {                                                   \
			x = INF * (a * c - b * d);                             \
			y = INF * (a * d + b * c);                             \
		}                                                              \
		return MUL##_make(x, y);                                       \
	}                                                                      \
	_Complex T DIV(T a, T b, T c, T d)                                     \
	{                                                                      \
		T ratio, denom, x, y;                                          \
		if (FABS(c) < FABS(d)) {                                       \
			ratio = c / d;                                         \
			denom = c * ratio + d;                                 \
			x = (a * ratio + b) / denom;                           \
			y = (b * ratio - a) / denom;                           \
		} else {                                                       \
			ratio = d / c;                                         \
			denom = d * ratio + c;                                 \
			x = (b * ratio + a) / denom;                           \
			y = (b - a * ratio) / denom;                           \
		}                                                              \
		if (!ISNAN(x) || !ISNAN(y))                                    \
			return MUL##_make(x, y);                               \
		if (c == 0 && d == 0 && (!ISNAN(a) || !ISNAN(b))) {            \
			x = COPYSIGN(INF, c) * a;                              \
			y = COPYSIGN(INF, c) * b;                              \
		} else if ((ISINF(a) || ISINF(b)) && ISFIN(c) && ISFIN(d)) {   \
			a = MUL##_box(a);                                      \
			b = MUL##_box(b);                                      \
			x = INF * (a * c + b * d);                             \
			y = INF * (b * c - a * d);                             \
		} else if ((ISINF(c) || ISINF(d)) && ISFIN(a) && ISFIN(b)) {   \
			c = MUL##_box(c);                                      \
			d = MUL##_box(d);                                      \
			x = 0 * (a * c + b * d);                               \
			y = 0 * (b * c - a * d);                               \
		}                                                              \
		return MUL##_make(x, y);                                       \
	}

COMPLEX(float, __mulsc3, __divsc3, __builtin_copysignf, __builtin_inff(),
	__builtin_fabsf)
COMPLEX(long double, __mulxc3, __divxc3, __builtin_copysignl, __builtin_infl(),
	__builtin_fabsl)
