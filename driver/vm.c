/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and sizes of virtual machines: see vm.h. */
#include "config.h"
#include "vm.h"

#include <string.h>

#include "util.h"

enum {
	/* As a file in an archive, with an ending, it has 100 bytes. */
	NAME_MAX_BYTES = 80,
	MEMORY_STEP = 4 /* MiB: VMware takes multiples only */
};

/*
 * The Unicode Standard, table 3-7: the second byte's range depends on the
 * first; others are 80 to bf.
 */
static size_t utf8_length(const unsigned char *p)
{
	size_t n = *p < 0x80   ? 1
		   : *p < 0xc2 ? 0
		   : *p < 0xe0 ? 2
		   : *p < 0xf0 ? 3
		   : *p < 0xf5 ? 4
			       : 0;
	unsigned char low = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
	unsigned char high = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;

	if (n > 1 && (p[1] < low || p[1] > high))
		return 0;
	for (size_t i = 2; i < n; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return n;
}

static bool is_utf8(const char *text)
{
	const unsigned char *p = (const void *)text;

	while (*p) {
		size_t n = utf8_length(p);

		if (n == 0)
			return false;
		p += n;
	}
	return true;
}

const char *vm_name_check(const char *name)
{
	const unsigned char *p = (const void *)name;

	if (!*p)
		return "is empty";
	if (strlen(name) > NAME_MAX_BYTES)
		return "is longer than 80 bytes";
	for (; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return "has a control character";
	return is_utf8(name) ? NULL : "isn't UTF-8";
}

char *vm_file_name(const char *name)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "._-";
	char *out = xstrdup(name);

	for (char *p = out; *p; p++)
		if (!strchr(plain, *p) || (p == out && *p == '.'))
			*p = '-';
	return out;
}

uint64_t vm_mebibytes(const struct vm *vm)
{
	uint64_t step = (uint64_t)MEMORY_STEP << 20;

	return (vm->memory + step - 1) / step * MEMORY_STEP;
}
