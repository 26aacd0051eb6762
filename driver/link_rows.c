/* SPDX-License-Identifier: BSD-3-Clause */
#include "link_args.h"
#include "link_rows.h"

#include <string.h>

#define SHARED_WHY                                                             \
	"makes shared libraries or position-independent programs; HaLVM "      \
	"programs are static: leave it out (for cabal: --disable-shared "      \
	"--disable-executable-dynamic)"
#define PLACE_WHY                                                              \
	"places a section, which the target's link script does: give a "       \
	"script of your own with -T"
#define COMPILE_WHY "is for compiling: use halvm-cc, halvm-ld only links"

/*
 * Words of a compiler driver, sorted by strcmp; the longest match wins. That
 * C++ has no library here is said of what needs it, a source or a symbol: cabal
 * only looks whether the library is there, and hides our words.
 */
static const struct row driver_rows[] = {
    {"-###", EXACT, SET_DRY_RUN, NULL},
    {"--emit", EQONLY, SET_EMIT, NULL},
    {"--forbid-syscall", EQONLY, ADD_FORBIDDEN, NULL},
    {"--help", EXACT, SET_HELP, NULL},
    {"--keep-portable", EXACT, SET_KEEP, NULL},
    {"--no-gc-sections", EXACT, SET_NO_GC, NULL},
    {"--report", EQONLY, SET_REPORT, NULL},
    {"--root", EQONLY, SET_ROOT, NULL},
    {"--strict", EXACT, SET_STRICT, NULL},
    {"--target", EQONLY, SET_TARGET, NULL},
    {"--version", EXACT, SET_VERSION, NULL},
    {"-B", JOINED, DROP, NULL},
    {"-Bdynamic", EXACT, DROP, NULL},
    {"-Bstatic", EXACT, DROP, NULL},
    {"-D", JOINED, DROP, NULL},
    {"-E", EXACT, REFUSE, COMPILE_WHY},
    {"-I", JOINED, DROP, NULL},
    {"-L", JOINED, ADD_LIBDIR, NULL},
    {"-O", PREFIX, DROP, NULL},
    {"-S", EXACT, REFUSE, COMPILE_WHY},
    {"-T", JOINED, FILE_SCRIPT, NULL},
    {"-U", JOINED, DROP, NULL},
    {"-W", PREFIX, DROP, NULL},
    {"-Wl,", PREFIX, TO_LINKER, NULL},
    {"-Wno-refused", EXACT, SET_REFUSED_OFF, NULL},
    {"-Wrefused", EXACT, SET_REFUSED_ON, NULL},
    {"-X", EXACT, PASS, NULL},
    {"-Xlinker", NEXT, TO_XLINKER, NULL},
    {"-c", EXACT, REFUSE, COMPILE_WHY},
    {"-dynamic", EXACT, REFUSE, SHARED_WHY},
    {"-e", JOINED, PASS_JOIN, "--entry="},
    {"-f", PREFIX, DROP, NULL},
    {"-g", PREFIX, DROP, NULL},
    {"-l", JOINED, ADD_LIB, NULL},
    {"-lc++", EXACT, DROP, NULL},
    {"-lc++abi", EXACT, DROP, NULL},
    {"-lstdc++", EXACT, DROP, NULL},
    {"-lsupc++", EXACT, DROP, NULL},
    {"-m", JOINED, DROP, NULL},
    {"-m32", EXACT, REFUSE, "asks for 32-bit code; HaLVM is x86-64 only"},
    {"-mx32", EXACT, REFUSE, "asks for x32 code; HaLVM is x86-64 only"},
    {"-no-canonical-prefixes", EXACT, DROP, NULL},
    {"-no-pie", EXACT, DROP, NULL},
    {"-nodefaultlibs", EXACT, DROP, NULL},
    {"-nolibc", EXACT, DROP, NULL},
    {"-nopie", EXACT, DROP, NULL},
    {"-nostartfiles", EXACT, DROP, NULL},
    {"-nostdlib", EXACT, DROP, NULL},
    {"-o", JOINED, FILE_OUT, NULL},
    {"-pie", EXACT, REFUSE, SHARED_WHY},
    {"-pipe", EXACT, DROP, NULL},
    {"-pthread", EXACT, DROP, NULL},
    {"-r", EXACT, SET_MERGE, NULL},
    {"-rdynamic", EXACT, DROP, NULL},
    {"-s", EXACT, SET_STRIP, NULL},
    {"-save-temps", PREFIX, DROP, NULL},
    {"-shared", EXACT, REFUSE, SHARED_WHY},
    {"-shared-libgcc", EXACT, DROP, NULL},
    {"-static", EXACT, DROP, NULL},
    {"-static-libgcc", EXACT, DROP, NULL},
    {"-static-libstdc++", EXACT, DROP, NULL},
    {"-static-pie", EXACT, REFUSE, SHARED_WHY},
    {"-std=", PREFIX, DROP, NULL},
    {"-t", EXACT, PASS, NULL},
    {"-u", JOINED, PASS_JOIN, "--undefined="},
    {"-v", EXACT, SET_VERBOSE, NULL},
    {"-w", EXACT, DROP, NULL},
    {"-x", NEXT, LANGUAGE, NULL},
    {"-z", JOINED, PASS_JOIN, "-z"},
};

/*
 * Words of a linker, without their leading dashes, sorted by strcmp. What
 * isn't here goes to lld as it is, which accepts or refuses it.
 */
static const struct row linker_rows[] = {
    {"Bdynamic", EXACT, DROP, NULL},
    {"Bshareable", EXACT, REFUSE, SHARED_WHY},
    {"Bstatic", EXACT, DROP, NULL},
    {"Bsymbolic", PREFIX, DROP, NULL},
    {"E", EXACT, DROP, NULL},
    {"L", JOINED, ADD_LIBDIR, NULL},
    {"Map", EQUALS, PASS, NULL},
    {"O", PREFIX, DROP, NULL},
    {"R", JOINED, DROP, NULL},
    {"S", EXACT, PASS, NULL},
    {"T", JOINED, FILE_SCRIPT, NULL},
    {"Tbss", EQUALS, REFUSE, PLACE_WHY},
    {"Tdata", EQUALS, REFUSE, PLACE_WHY},
    {"Ttext", EQUALS, REFUSE, PLACE_WHY},
    {"V", EXACT, SET_LLD_VERSION, NULL},
    {"X", EXACT, PASS, NULL},
    {"allow-multiple-definition", EXACT, PASS, NULL},
    {"as-needed", EXACT, DROP, NULL},
    {"build-id", PREFIX, PASS, NULL},
    {"color-diagnostics", PREFIX, PASS, NULL},
    {"copy-dt-needed-entries", EXACT, DROP, NULL},
    {"cref", EXACT, PASS, NULL},
    {"defsym", EQUALS, PASS, NULL},
    {"disable-new-dtags", EXACT, DROP, NULL},
    {"discard-all", EXACT, DROP, NULL},
    {"discard-locals", EXACT, PASS, NULL},
    {"dn", EXACT, DROP, NULL},
    {"dy", EXACT, DROP, NULL},
    {"dynamic-linker", EQUALS, DROP, NULL},
    {"dynamic-list", EQUALS, DROP, NULL},
    {"e", JOINED, PASS_JOIN, "--entry="},
    {"eh-frame-hdr", EXACT, PASS, NULL},
    {"enable-new-dtags", EXACT, DROP, NULL},
    {"end-group", EXACT, PASS, NULL},
    {"end-lib", EXACT, PASS, NULL},
    {"entry", EQUALS, PASS, NULL},
    {"error-limit", EQUALS, PASS, NULL},
    {"exclude-libs", EQUALS, DROP, NULL},
    {"export-dynamic", EXACT, DROP, NULL},
    {"fatal-warnings", EXACT, PASS, NULL},
    {"gc-sections", EXACT, DROP, NULL},
    {"hash-size", EQUALS, DROP, NULL},
    {"hash-style", EQUALS, DROP, NULL},
    {"icf", EQUALS, PASS, NULL},
    {"icf=all", EXACT, REFUSE,
     "gives functions one address whose addresses libc compares: use "
     "--icf=safe or leave it out"},
    {"init", EQUALS, PASS, NULL},
    {"l", JOINED, ADD_LIB, NULL},
    {"m", JOINED, DROP, NULL},
    {"no-as-needed", EXACT, DROP, NULL},
    {"no-copy-dt-needed-entries", EXACT, DROP, NULL},
    {"no-dynamic-linker", EXACT, DROP, NULL},
    {"no-export-dynamic", EXACT, DROP, NULL},
    {"no-fatal-warnings", EXACT, PASS, NULL},
    {"no-gc-sections", EXACT, SET_NO_GC, NULL},
    {"no-pie", EXACT, DROP, NULL},
    {"no-undefined", EXACT, DROP, NULL},
    {"no-whole-archive", EXACT, PASS, NULL},
    {"nostdlib", EXACT, DROP, NULL},
    {"o", JOINED, FILE_OUT, NULL},
    {"output", EQUALS, FILE_OUT, NULL},
    {"pic-executable", EXACT, REFUSE, SHARED_WHY},
    {"pie", EXACT, REFUSE, SHARED_WHY},
    {"plugin", EQUALS, DROP, NULL},
    {"plugin-opt", EQUALS, DROP, NULL},
    {"pop-state", EXACT, PASS, NULL},
    {"print-gc-sections", EXACT, PASS, NULL},
    {"print-map", EXACT, PASS, NULL},
    {"push-state", EXACT, PASS, NULL},
    {"r", EXACT, SET_MERGE, NULL},
    {"reduce-memory-overheads", EXACT, DROP, NULL},
    {"relax", EXACT, DROP, NULL},
    {"relocatable", EXACT, SET_MERGE, NULL},
    {"retain-symbols-file", EQUALS, PASS, NULL},
    {"rpath", EQUALS, DROP, NULL},
    {"rpath-link", EQUALS, DROP, NULL},
    {"s", EXACT, SET_STRIP, NULL},
    {"script", EQUALS, FILE_SCRIPT, NULL},
    {"shared", EXACT, REFUSE, SHARED_WHY},
    {"soname", EQUALS, DROP, NULL},
    {"sort-common", PREFIX, DROP, NULL},
    {"sort-section", EQUALS, PASS, NULL},
    {"start-group", EXACT, PASS, NULL},
    {"start-lib", EXACT, PASS, NULL},
    {"static", EXACT, DROP, NULL},
    {"stats", EXACT, DROP, NULL},
    {"strip-all", EXACT, SET_STRIP, NULL},
    {"strip-debug", EXACT, PASS, NULL},
    {"sysroot", EQUALS, DROP, NULL},
    {"trace", EXACT, PASS, NULL},
    {"trace-symbol", EQUALS, PASS, NULL},
    {"u", JOINED, PASS_JOIN, "--undefined="},
    {"undefined", EQUALS, PASS, NULL},
    {"unique", PREFIX, PASS, NULL},
    {"unresolved-symbols", EQUALS, PASS, NULL},
    {"v", EXACT, SET_LLD_VERSION, NULL},
    {"verbose", EXACT, PASS, NULL},
    {"version", EXACT, SET_LLD_VERSION, NULL},
    {"version-script", EQUALS, DROP, NULL},
    {"warn-common", EXACT, PASS, NULL},
    {"whole-archive", EXACT, PASS, NULL},
    {"wrap", EQUALS, PASS, NULL},
    {"x", EXACT, DROP, NULL},
    {"y", JOINED, PASS_JOIN, "--trace-symbol="},
    {"z", JOINED, PASS_JOIN, "-z"},
};

const char rows_compile_why[] = COMPILE_WHY;

static bool row_matches(const struct row *r, const char *word)
{
	size_t n = strlen(r->name);

	if (strncmp(word, r->name, n) != 0)
		return false;
	switch (r->form) {
	case PREFIX:
	case JOINED:
		return true;
	case EQUALS:
	case EQONLY:
		return word[n] == 0 || word[n] == '=';
	case EXACT:
	case NEXT:
		break;
	}
	return word[n] == 0;
}

static const struct row *find_row(const struct row *rows, size_t n,
				  const char *word)
{
	const struct row *best = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		if (row_matches(&rows[i], word) &&
		    (!best || strlen(rows[i].name) >= strlen(best->name)))
			best = &rows[i];
	return best;
}

const struct row *rows_driver(const char *word)
{
	return find_row(driver_rows, ARRAY_SIZE(driver_rows), word);
}

const struct row *rows_linker(const char *word, const char **name)
{
	bool two = str_starts(word, "--");
	const struct row *r;

	*name = word + (two ? 2 : 1);
	r = find_row(linker_rows, ARRAY_SIZE(linker_rows), *name);
	/* One-letter options take one dash: --emit-relocs isn't -e. */
	return r && two && strlen(r->name) == 1 ? NULL : r;
}

static const char *first_unsorted(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (strcmp(rows[i - 1].name, rows[i].name) >= 0)
			return rows[i].name;
	return NULL;
}

bool link_args_sorted(const char **row)
{
	*row = first_unsorted(driver_rows, ARRAY_SIZE(driver_rows));
	if (!*row)
		*row = first_unsorted(linker_rows, ARRAY_SIZE(linker_rows));
	return !*row;
}
