/* SPDX-License-Identifier: BSD-3-Clause */
/* Names beside addresses: see symbolise.h. */
#include "config.h"
#include "symbolise.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "mapfile.h"
#include "symname.h"
#include "util.h"

/* The lines that are held back, up to their end, begin so. */
static const char prefix[] = "  at 0x";
#define PREFIX (sizeof(prefix) - 1)
/* Longer ones are no lines of ours. */
enum { LINE_MAX_HELD = 240 };

struct function {
	uint64_t at, size, end; /* end: of its section */
	const char *name;
	bool global;
};

struct symboliser {
	char *path;
	bool tried; /* to read it */
	struct mapfile file;
	struct elf elf;
	struct function *functions; /* by address */
	size_t n;

	char line[LINE_MAX_HELD + 1];
	size_t held;
	bool passing; /* the line began otherwise */
};

struct symboliser *symboliser_new(const char *path)
{
	struct symboliser *s = xcalloc(1, sizeof(*s));

	s->path = xstrdup(path);
	return s;
}

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	/* Of several names at a place the global one is the last. */
	if (x->global != y->global)
		return x->global ? 1 : -1;
	return strcmp(y->name, x->name);
}

/* Compilers' own labels aren't names. GHC's code has no type. */
static bool is_code(const struct elf_sym *sym, const struct elf_sec *sec)
{
	if (sym->type != STT_FUNC && sym->type != STT_NOTYPE &&
	    sym->type != STT_OBJECT)
		return false;
	return (sec->flags & SHF_EXECINSTR) && sym->name[0] &&
	       sym->name[0] != '.' && sym->value >= sec->addr &&
	       sym->value - sec->addr < sec->size;
}

static void read_functions(struct symboliser *s)
{
	const struct elf *e = &s->elf;
	struct elf_sym sym;
	struct elf_sec sec;

	s->functions = xmalloc(e->nsym * sizeof(*s->functions));
	for (uint32_t i = 1; i < e->nsym; i++) {
		elf_symbol(e, i, &sym);
		if (sym.shndx == SHN_UNDEF || sym.shndx >= ELF_RESERVED)
			continue;
		elf_section(e, sym.shndx, &sec);
		if (!is_code(&sym, &sec))
			continue;
		s->functions[s->n++] =
		    (struct function){sym.value, sym.size, sec.addr + sec.size,
				      sym.name, sym.bind != STB_LOCAL};
	}
	if (s->n)
		qsort(s->functions, s->n, sizeof(*s->functions), by_address);
}

struct symboliser *symboliser_for(const struct elf *e)
{
	struct symboliser *s = symboliser_new("");

	s->tried = true;
	s->elf = *e;
	read_functions(s);
	return s;
}

static void load(struct symboliser *s)
{
	if (s->tried)
		return;
	s->tried = true;
	if (mapfile_open(&s->file, s->path) &&
	    !elf_open(&s->elf, s->file.data, s->file.len))
		read_functions(s);
}

void symboliser_free(struct symboliser *s)
{
	free(s->functions);
	free(s->path);
	mapfile_close(&s->file);
	free(s);
}

/* The last function at or below the address, NULL if it is none's. */
static const struct function *find(const struct symboliser *s, uint64_t address)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (s->functions[mid].at <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || address >= s->functions[low - 1].end)
		return NULL;
	return &s->functions[low - 1];
}

char *symbolise_address(struct symboliser *s, uint64_t address)
{
	const struct function *f;
	char *name, *text;

	load(s);
	f = find(s, address);
	if (!f)
		return NULL;
	name = symname_pretty(f->name);
	text =
	    xasprintf("%s+0x%llx", name, (unsigned long long)(address - f->at));
	free(name);
	return text;
}

/* A held line, whole or as far as it came. */
static void release(struct symboliser *s, symbolise_fn *fn, void *arg)
{
	size_t digits, n = s->held;
	char *name = NULL;

	s->held = 0;
	s->line[n] = 0;
	if (n > PREFIX) {
		digits = strspn(s->line + PREFIX, "0123456789abcdefABCDEF");
		if (digits > 0 && digits <= 16)
			name = symbolise_address(
			    s, strtoull(s->line + PREFIX, NULL, 16));
		if (name) {
			fn(arg, s->line, PREFIX + digits);
			fn(arg, " ", 1);
			fn(arg, name, strlen(name));
			fn(arg, s->line + PREFIX + digits, n - PREFIX - digits);
			free(name);
			return;
		}
	}
	if (n)
		fn(arg, s->line, n);
}

static void take_byte(struct symboliser *s, char c, symbolise_fn *fn, void *arg)
{
	s->line[s->held++] = c;
	if (c == '\n') {
		release(s, fn, arg);
	} else if (s->held <= PREFIX ? c != prefix[s->held - 1]
				     : s->held == LINE_MAX_HELD) {
		fn(arg, s->line, s->held);
		s->held = 0;
		s->passing = true;
	}
}

void symbolise(struct symboliser *s, const char *text, size_t n,
	       symbolise_fn *fn, void *arg)
{
	const char *end = text + n;

	while (text < end) {
		if (!s->passing) {
			take_byte(s, *text++, fn, arg);
			continue;
		}
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		const char *stop = nl ? nl + 1 : end;
		fn(arg, text, (size_t)(stop - text));
		s->passing = !nl;
		text = stop;
	}
}

void symbolise_flush(struct symboliser *s, symbolise_fn *fn, void *arg)
{
	release(s, fn, arg);
	s->passing = false;
}
