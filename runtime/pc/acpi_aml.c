/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * acpi_aml.c - the one object of AML that is needed: Name(\_S5, Package() {..})
 * with the values for PM1a_CNT and PM1b_CNT first (ACPI 6.4, 7.4.2.6; the
 * encoding: 20.2).
 *
 * It is looked for as bytes: NameOp, the name with or without a root
 * character, PackageOp, and then a package that is sound to its second
 * element.  No other object looks so but by malice, and then the worst that
 * comes of it is a machine that doesn't switch itself off.
 */
#include "lib/string.h"
#include "pc/acpi_table.h"

enum {
	AML_ZERO = 0x00,
	AML_ONE = 0x01,
	AML_NAME = 0x08,
	AML_BYTE = 0x0a,
	AML_WORD = 0x0b,
	AML_DWORD = 0x0c,
	AML_QWORD = 0x0e,
	AML_PACKAGE = 0x12,
	AML_ROOT = '\\',
};

#define NAME_S5 "_S5_"
#define NAME_SIZE 4
#define SLEEP_TYPE_MAX 7

struct reader {
	const uint8_t *at, *end;
};

/* The next byte, or -1 at the end. */
static int next(struct reader *r)
{
	return r->at < r->end ? *r->at++ : -1;
}

/*
 * PkgLength: the package ends so many bytes from the length's own start.
 * Narrows r to the package.
 */
static bool read_package_length(struct reader *r)
{
	const uint8_t *start = r->at;
	int lead = next(r), more;
	size_t length;

	if (lead < 0)
		return false;
	more = lead >> 6;
	length = (size_t)(more ? lead & 15 : lead);
	for (int i = 0; i < more; i++) {
		int byte = next(r);

		if (byte < 0)
			return false;
		length |= (size_t)byte << (4 + 8 * i);
	}
	if (length > (size_t)(r->end - start) ||
	    length < (size_t)(r->at - start))
		return false;
	r->end = start + length;
	return true;
}

/* A constant integer that is a sleep type. */
static bool read_type(struct reader *r, uint8_t *type)
{
	int op = next(r), value, more = 0;

	switch (op) {
	case AML_ZERO:
	case AML_ONE:
		*type = (uint8_t)op;
		return true;
	case AML_BYTE:
		break;
	case AML_WORD:
		more = 1;
		break;
	case AML_DWORD:
		more = 3;
		break;
	case AML_QWORD:
		more = 7;
		break;
	default:
		return false;
	}
	value = next(r);
	if (value < 0 || value > SLEEP_TYPE_MAX)
		return false;
	*type = (uint8_t)value;
	while (more--)
		if (next(r) != 0)
			return false;
	return true;
}

/* What follows the name. */
static bool read_s5(struct reader r, uint8_t *type_a, uint8_t *type_b)
{
	int count;

	if (next(&r) != AML_PACKAGE || !read_package_length(&r))
		return false;
	count = next(&r);
	if (count < 1 || !read_type(&r, type_a))
		return false;
	/* Machines without PM1b may leave the second one out. */
	if (count < 2)
		*type_b = 0;
	return count < 2 || read_type(&r, type_b);
}

bool acpi_find_s5(const struct acpi_table *t, uint8_t *type_a, uint8_t *type_b)
{
	const uint8_t *start = t->bytes + ACPI_HEADER_SIZE;
	const uint8_t *end = t->bytes + t->size, *at = start;

	for (; (size_t)(end - at) >= NAME_SIZE + 1; at++) {
		struct reader r = {at, end};

		if (next(&r) != AML_NAME)
			continue;
		if (*r.at == AML_ROOT)
			r.at++;
		if ((size_t)(end - r.at) < NAME_SIZE ||
		    memcmp(r.at, NAME_S5, NAME_SIZE) != 0)
			continue;
		r.at += NAME_SIZE;
		if (read_s5(r, type_a, type_b))
			return true;
	}
	return false;
}
