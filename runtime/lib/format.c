/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * format.c - text from values, and numbers from text (format.h).
 */
#include "lib/format.h"
#include "lib/string.h"

/* Where text goes: the part that fits is kept, all of it is counted. */
struct sink {
	char *buf;
	size_t size, length;
};

struct spec {
	bool left, zero;
	int width, precision; /* precision -1: none */
	int size;	      /* bytes of an integer argument */
};

/* 64 bits in base 8, the smallest that is printed, and a sign. */
#define DIGITS_MAX 23

static void put(struct sink *s, char c)
{
	if (s->length + 1 < s->size)
		s->buf[s->length] = c;
	s->length++;
}

static void put_times(struct sink *s, char c, int n)
{
	for (; n > 0; n--)
		put(s, c);
}

static void put_text(struct sink *s, const struct spec *spec, const char *text,
		     size_t n)
{
	int fill = spec->width > (int)n ? spec->width - (int)n : 0;

	if (!spec->left)
		put_times(s, ' ', fill);
	for (size_t i = 0; i < n; i++)
		put(s, text[i]);
	if (spec->left)
		put_times(s, ' ', fill);
}

/* prefix: "", "-" or "0x", which zeros of the flag 0 come after. */
static void put_number(struct sink *s, const struct spec *spec,
		       const char *prefix, uint64_t value, unsigned base,
		       bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[DIGITS_MAX];
	int n = 0, fill;

	do {
		text[n++] = digits[value % base];
		value /= base;
	} while (value);
	fill = spec->width - n - (int)strlen(prefix);
	if (!spec->left && !spec->zero)
		put_times(s, ' ', fill);
	while (*prefix)
		put(s, *prefix++);
	if (!spec->left && spec->zero)
		put_times(s, '0', fill);
	while (n)
		put(s, text[--n]);
	if (spec->left)
		put_times(s, ' ', fill);
}

static int parse_int(const char **fmt)
{
	int value = 0;

	for (; **fmt >= '0' && **fmt <= '9'; (*fmt)++)
		if (value < 100000)
			value = value * 10 + (**fmt - '0');
	return value;
}

/* Flags, width, precision and length; returns where the conversion stands. */
static const char *parse_spec(struct spec *spec, const char *fmt, va_list *args)
{
	*spec = (struct spec){.precision = -1, .size = 4};
	for (;; fmt++) {
		if (*fmt == '-')
			spec->left = true;
		else if (*fmt == '0')
			spec->zero = true;
		else
			break;
	}
	if (*fmt == '*') {
		spec->width = va_arg(*args, int);
		fmt++;
		if (spec->width < 0) {
			spec->left = true;
			spec->width = (int)-(unsigned)spec->width;
		}
	} else {
		spec->width = parse_int(&fmt);
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			spec->precision = va_arg(*args, int);
			fmt++;
		} else {
			spec->precision = parse_int(&fmt);
		}
	}
	for (; *fmt == 'h' || *fmt == 'l' || *fmt == 'z'; fmt++)
		spec->size = *fmt != 'h' ? 8 : spec->size > 2 ? 2 : 1;
	return fmt;
}

static uint64_t argument(const struct spec *spec, bool is_signed, va_list *args)
{
	uint64_t value;
	int shift = 64 - 8 * spec->size;

	if (spec->size == 8)
		value = va_arg(*args, uint64_t);
	else
		value = va_arg(*args, unsigned);
	value <<= shift;
	return is_signed ? (uint64_t)((int64_t)value >> shift) : value >> shift;
}

static void put_signed(struct sink *s, const struct spec *spec, va_list *args)
{
	uint64_t value = argument(spec, true, args);
	bool negative = (int64_t)value < 0;

	put_number(s, spec, negative ? "-" : "", negative ? -value : value, 10,
		   false);
}

static void put_string(struct sink *s, const struct spec *spec,
		       const char *text)
{
	if (!text)
		text = "(null)";
	put_text(s, spec, text,
		 spec->precision < 0 ? strlen(text)
				     : strnlen(text, (size_t)spec->precision));
}

/* False if there is no such conversion. */
static bool convert(struct sink *s, const struct spec *spec, char kind,
		    va_list *args)
{
	char c;

	switch (kind) {
	case 'd':
	case 'i':
		put_signed(s, spec, args);
		return true;
	case 'u':
		put_number(s, spec, "", argument(spec, false, args), 10, false);
		return true;
	case 'x':
	case 'X':
		put_number(s, spec, "", argument(spec, false, args), 16,
			   kind == 'X');
		return true;
	case 'o':
		put_number(s, spec, "", argument(spec, false, args), 8, false);
		return true;
	case 'p':
		put_number(s, spec, "0x", (uintptr_t)va_arg(*args, void *), 16,
			   false);
		return true;
	case 'c':
		c = (char)va_arg(*args, int);
		put_text(s, spec, &c, 1);
		return true;
	case 's':
		put_string(s, spec, va_arg(*args, const char *));
		return true;
	case '%':
		put(s, '%');
		return true;
	default:
		return false;
	}
}

size_t format_va(char *buf, size_t size, const char *fmt, va_list args)
{
	struct sink s = {buf, size, 0};
	struct spec spec;
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		const char *start = fmt;

		if (*fmt++ != '%') {
			put(&s, *start);
			continue;
		}
		fmt = parse_spec(&spec, fmt, &ap);
		if (*fmt && convert(&s, &spec, *fmt, &ap)) {
			fmt++;
			continue;
		}
		while (start < fmt)
			put(&s, *start++);
	}
	va_end(ap);
	if (size)
		buf[s.length < size ? s.length : size - 1] = '\0';
	return s.length;
}

size_t format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = format_va(buf, size, fmt, args);
	va_end(args);
	return n;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return UINT32_MAX;
}

bool parse_number(const char **text, unsigned base, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	if (base == 0) {
		base = 10;
		if (*p == '0') {
			base = 8;
			if ((p[1] == 'x' || p[1] == 'X') &&
			    digit_of(p[2]) < 16) {
				base = 16;
				p += 2;
			}
		}
	}
	if (digit_of(*p) >= base)
		return false;
	for (; digit_of(*p) < base; p++)
		if (__builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, digit_of(*p), &v))
			return false;
	*text = p;
	*value = v;
	return true;
}
