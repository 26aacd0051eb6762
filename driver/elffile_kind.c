/* SPDX-License-Identifier: BSD-3-Clause */
/* What a file is, by its content; ar archives. See elffile.h for the rules. */
#include "elffile.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

struct magic {
	const char *bytes;
	unsigned len;
	const char *what;
};

static const struct magic magics[] = {
    {"!<arch>\n", 8, "an archive"},
    {"!<thin>\n", 8, "a thin archive"},
    {"BC\xc0\xde", 4, "LLVM bitcode"},
    {"\xce\xfa\xed\xfe", 4, "a Mach-O object"},
    {"\xcf\xfa\xed\xfe", 4, "a Mach-O object"},
    {"\xfe\xed\xfa\xce", 4, "a Mach-O object"},
    {"\xfe\xed\xfa\xcf", 4, "a Mach-O object"},
    {"MZ", 2, "a Windows executable"},
    {"\x64\x86", 2, "a Windows (COFF) object"},
    {"\x4c\x01", 2, "a Windows (COFF) object"},
    {"\x1f\x8b", 2, "gzip-compressed"},
    {"\xfd"
     "7zXZ",
     5, "xz-compressed"},
    {"\x01\xfa\xce\x64", 4, "a GHC interface file"},
    {"\0asm", 4, "a WebAssembly module"},
};

struct machine {
	unsigned number;
	const char *name;
};

static const struct machine machines[] = {
    {EM_SPARC, "SPARC"},   {EM_386, "Intel 80386"},  {EM_MIPS, "MIPS"},
    {EM_PPC, "PowerPC"},   {EM_PPC64, "PowerPC 64"}, {EM_S390, "IBM S/390"},
    {EM_ARM, "ARM"},	   {EM_SPARCV9, "SPARC V9"}, {EM_IA_64, "IA-64"},
    {EM_X86_64, "x86-64"}, {EM_AARCH64, "AArch64"},  {EM_RISCV, "RISC-V"},
};

static const char *machine_name(unsigned n)
{
	size_t i;

	for (i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].number == n)
			return machines[i].name;
	return "an unknown machine";
}

static enum file_kind identify_elf(const unsigned char *p, size_t len,
				   char *what, size_t n)
{
	static const char *const kinds[] = {"file", "object", "executable",
					    "shared library", "core dump"};
	unsigned type, machine;
	bool big;

	if (len < 20) {
		snprintf(what, n, "a truncated ELF file");
		return FILE_OTHER;
	}
	big = p[EI_DATA] == ELFDATA2MSB;
	type = big ? p[16] << 8 | p[17] : p[17] << 8 | p[16];
	machine = big ? p[18] << 8 | p[19] : p[19] << 8 | p[18];
	snprintf(what, n, "an ELF %s-bit %s for %s",
		 p[EI_CLASS] == ELFCLASS64 ? "64" : "32",
		 kinds[type < 5 ? type : 0], machine_name(machine));
	if (big || p[EI_CLASS] != ELFCLASS64 || machine != EM_X86_64)
		return FILE_OTHER;
	return type == ET_REL	 ? FILE_OBJECT
	       : type == ET_EXEC ? FILE_IMAGE
				 : FILE_OTHER;
}

static bool is_text(const unsigned char *p, size_t len)
{
	size_t i;

	if (len > 4096)
		len = 4096;
	for (i = 0; i < len; i++)
		if (p[i] == 0x7f ||
		    (p[i] < ' ' && p[i] != '\t' && p[i] != '\n' &&
		     p[i] != '\r' && p[i] != '\f'))
			return false;
	return true;
}

enum file_kind file_identify(const void *data, size_t len, char *what, size_t n)
{
	const unsigned char *p = data;
	char scratch[128];
	size_t i;

	if (!what) {
		what = scratch;
		n = sizeof scratch;
	}
	if (len == 0) {
		snprintf(what, n, "an empty file");
		return FILE_OTHER;
	}
	if (len >= SELFMAG && memcmp(p, ELFMAG, SELFMAG) == 0)
		return identify_elf(p, len, what, n);
	for (i = 0; i < sizeof magics / sizeof *magics; i++) {
		if (len < magics[i].len ||
		    memcmp(p, magics[i].bytes, magics[i].len) != 0)
			continue;
		snprintf(what, n, "%s", magics[i].what);
		return i == 0 ? FILE_ARCHIVE : i == 1 ? FILE_THIN : FILE_OTHER;
	}
	if (is_text(p, len)) {
		snprintf(what, n, "a text file");
		return FILE_TEXT;
	}
	snprintf(what, n, "data of an unknown kind");
	return FILE_OTHER;
}

/* Layout of a member's header, ar(5). */
enum {
	AR_NAME = 0,
	AR_NAMELEN = 16,
	AR_SIZE = 48,
	AR_SIZELEN = 10,
	AR_END = 58,
	AR_HEADER = 60
};

const char *ar_open(struct ar *a, const void *data, size_t len)
{
	memset(a, 0, sizeof *a);
	a->data = data;
	a->len = len;
	a->pos = 8;
	if (len >= 8 && memcmp(data, "!<thin>\n", 8) == 0)
		return "a thin archive (its members lie elsewhere): make an "
		       "ordinary one, without ar's T";
	if (len < 8 || memcmp(data, "!<arch>\n", 8) != 0)
		return "not an archive";
	return NULL;
}

/* A decimal number in a blank-padded field; false if there is none. */
static bool decimal(const unsigned char *p, size_t n, size_t *out)
{
	size_t i = 0, v = 0;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		v = v * 10 + (size_t)(p[i++] - '0');
	*out = v;
	if (i == 0)
		return false;
	while (i < n && (p[i] == ' ' || p[i] == '/'))
		i++;
	return i == n;
}

static void set_name(struct ar_member *m, const void *name, size_t n)
{
	if (n >= sizeof m->name)
		n = sizeof m->name - 1;
	memcpy(m->name, name, n);
	m->name[n] = 0;
}

/* Reads the name field; may shrink the content (BSD names stand in it). */
static const char *member_name(struct ar *a, const unsigned char *h,
			       struct ar_member *m)
{
	size_t n, off;
	const char *end;

	if (memcmp(h, "#1/", 3) == 0) {
		if (!decimal(h + 3, AR_NAMELEN - 3, &n) || n > m->len)
			return "a member's name is damaged";
		set_name(m, m->data, n);
		m->data += n;
		m->len -= n;
		return NULL;
	}
	if (h[0] == '/' && decimal(h + 1, AR_NAMELEN - 1, &off)) {
		if (off >= a->nameslen)
			return "a member's name is out of bounds";
		end = memchr(a->names + off, '\n', a->nameslen - off);
		n = end ? (size_t)(end - (a->names + off)) : a->nameslen - off;
		if (n && a->names[off + n - 1] == '/')
			n--;
		set_name(m, a->names + off, n);
		return NULL;
	}
	for (n = AR_NAMELEN; n > 0 && h[n - 1] == ' '; n--)
		;
	if (n > 1 && h[n - 1] == '/')
		n--;
	set_name(m, h, n);
	return NULL;
}

static bool is_index(const struct ar_member *m, const unsigned char *h)
{
	return memcmp(h, "/               ", 16) == 0 ||
	       memcmp(h, "/SYM64/", 7) == 0 ||
	       strncmp(m->name, "__.SYMDEF", 9) == 0;
}

const char *ar_next(struct ar *a, struct ar_member *m, bool *more)
{
	const unsigned char *h;
	const char *err;
	size_t size;

	*more = false;
	while (a->pos < a->len) {
		if (a->len - a->pos < AR_HEADER)
			return "truncated: a member's header is missing";
		h = a->data + a->pos;
		if (h[AR_END] != '`' || h[AR_END + 1] != '\n' ||
		    !decimal(h + AR_SIZE, AR_SIZELEN, &size))
			return "a member's header is damaged";
		a->pos += AR_HEADER;
		if (size > a->len - a->pos)
			return "truncated: a member's content is missing";
		m->data = a->data + a->pos;
		m->len = size;
		a->pos += size;
		if (a->pos < a->len && size % 2)
			a->pos++;
		if (memcmp(h, "//              ", 16) == 0) {
			a->names = (const char *)m->data;
			a->nameslen = m->len;
			continue;
		}
		err = member_name(a, h, m);
		if (err)
			return err;
		if (is_index(m, h))
			continue;
		*more = true;
		return NULL;
	}
	return NULL;
}
