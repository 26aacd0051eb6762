/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/link_args.c, link_rows.c: what GHC, cabal and people write. */
#include "config.h"

#include "check.h"
#include "link_args.h"

#include <stdint.h>

static void words(const char *line, struct strlist *out)
{
	char *copy = xstrdup(line), *p, *save;

	for (p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
		strlist_push(out, p);
	free(copy);
}

/* Items as text: FILE, -lLIB, -l:FILE, and {OPTION} for lld. */
static char *items(const struct link_args *a)
{
	struct strlist l = {0};
	size_t i;
	char *s;

	for (i = 0; i < a->nitems; i++) {
		const char *t = a->items[i].text;

		switch (a->items[i].kind) {
		case ITEM_FILE:
			strlist_push(&l, t);
			break;
		case ITEM_LIB:
			strlist_pushf(&l, "-l%s", t);
			break;
		case ITEM_LIBFILE:
			strlist_pushf(&l, "-l:%s", t);
			break;
		case ITEM_LD:
			strlist_pushf(&l, "{%s}", t);
			break;
		}
	}
	s = strlist_join(&l, " ");
	strlist_free(&l);
	return s;
}

static const struct {
	const char *line, *want;
	enum link_mode mode;
} good[] = {
    {"a.o b.a", "a.o b.a", LINK_IMAGE},
    {"a.o -lfoo -l bar -l:x.a", "a.o -lfoo -lbar -l:x.a", LINK_IMAGE},
    {"a.o -static -no-pie -nostdlib -nostartfiles -nodefaultlibs "
     "-rdynamic -pthread -m64 -g -g3 -O2 -fPIC -Wall -B/x -B /y "
     "-fuse-ld=lld -x none",
     "a.o", LINK_IMAGE},
    {"-Wl,--whole-archive a.a -Wl,--no-whole-archive",
     "{--whole-archive} a.a {--no-whole-archive}", LINK_IMAGE},
    {"a.o -u f -ug -Wl,-u,h -Wl,--undefined=i -Xlinker -u -Xlinker j",
     "a.o {--undefined=f} {--undefined=g} {--undefined=h} {--undefined} "
     "{i} {--undefined=j}",
     LINK_IMAGE},
    {"a.o -Wl,-rpath -Wl,/x -Wl,-rpath,/y -Wl,-rpath=/z -Xlinker "
     "-rpath-link -Xlinker /w",
     "a.o", LINK_IMAGE},
    {"-Wl,--no-as-needed -Wl,--hash-size=31 "
     "-Wl,--reduce-memory-overheads a.o -Wl,--gc-sections",
     "a.o", LINK_IMAGE},
    {"a.o -Wl,-Map,m.txt -Wl,--defsym=x=1 -Wl,-z,relro -z now",
     "a.o {--Map} {m.txt} {--defsym} {x=1} {-zrelro} {-znow}", LINK_IMAGE},
    {"a.o -Wl,--frobnicate=1", "a.o {--frobnicate=1}", LINK_IMAGE},
    {"a.o -Wl,--emit-relocs", "a.o {--emit-relocs}", LINK_IMAGE},
    {"a.o -Wl,b.o,-lc -Wl,@c.o", "a.o b.o -lc @c.o", LINK_IMAGE},
    {"a.o -Wl,-Bstatic -lz -Wl,-Bdynamic", "a.o -lz", LINK_IMAGE},
    {"-r -o out.o --build-id=none a.o b.o", "{--build-id=none} a.o b.o",
     LINK_MERGE},
    {"-x -r a.o -o b.o", "a.o", LINK_MERGE},
    {"-nostdlib -Wl,-r a.o", "a.o", LINK_MERGE},
    {"-r -m elf_x86_64 a.o --whole-archive b.a --no-whole-archive",
     "a.o {--whole-archive} b.a {--no-whole-archive}", LINK_MERGE},
    {"--emit=portable a.o", "a.o", LINK_PORTABLE},
    {"--emit=portable a.o --emit=image", "a.o", LINK_IMAGE},
    {"-r --emit=portable a.o", "a.o", LINK_MERGE},
    {"-v", "", LINK_LINKER_VERSION},
    {"-v a.o", "a.o", LINK_IMAGE},
    {"-Wl,--version", "", LINK_LINKER_VERSION},
    {"-Wl,-v a.o", "a.o", LINK_LINKER_VERSION},
    {"--version a.o", "a.o", LINK_VERSION},
    {"a.o --help", "a.o", LINK_HELP},
};

static void test_good(void)
{
	struct strlist l = {0};
	struct link_args a;
	size_t i;
	char *s;

	for (i = 0; i < sizeof good / sizeof *good; i++) {
		words(good[i].line, &l);
		link_args_parse(&a, &l);
		s = items(&a);
		check_str(s, good[i].want, good[i].line);
		check(a.mode == good[i].mode, "its mode");
		free(s);
		link_args_free(&a);
		strlist_free(&l);
	}
}

static void test_values(void)
{
	struct strlist l = {0};
	struct link_args a;

	words("-oout -T s.lds -L/a -L /b -Wl,-L,/c --target=kvm --target=xen "
	      "--strict --no-gc-sections -s -### a.o "
	      "--report=syscalls:r.txt --forbid-syscall=fork "
	      "--forbid-syscall=execve -Wno-refused --root=files",
	      &l);
	link_args_parse(&a, &l);
	check_str(a.output, "out", "-oOUT");
	check_str(a.script, "s.lds", "-T SCRIPT");
	check(a.libdirs.n == 3 && strcmp(a.libdirs.v[2], "/c") == 0,
	      "three -L");
	check_str(a.target, "xen", "the last --target");
	check_str(a.root, "files", "--root");
	check(a.strict && a.no_gc && a.strip && a.dry_run, "the flags");
	check(a.report && !strcmp(a.report_file, "r.txt"), "--report=…:FILE");
	check(a.forbidden.n == 2, "--forbid-syscall twice");
	check(a.no_warn_refused, "-Wno-refused");
	link_args_free(&a);
	strlist_free(&l);
	words("-Wno-refused -Wrefused --report=syscalls a.o -o x -o y", &l);
	link_args_parse(&a, &l);
	check(!a.no_warn_refused && a.report && !a.report_file,
	      "-Wrefused, --report without a file");
	check_str(a.output, "y", "the last -o");
	link_args_free(&a);
	strlist_free(&l);
}

static const struct {
	const char *line, *part;
} bad[] = {
    {"", "no input files"},
    {"-lfoo -o", "-o needs a value"},
    {"a.o -L", "-L needs a value"},
    {"a.o -Wl,-rpath", "-rpath needs a value"},
    {"a.o -Xlinker", "-Xlinker needs a value"},
    {"a.o --target", "--target needs a value"},
    {"a.o --target linux", "--target needs a value"},
    {"a.o -shared", "HaLVM programs are static"},
    {"a.o -Wl,-shared", "HaLVM programs are static"},
    {"a.o -pie", "HaLVM programs are static"},
    {"a.o -static-pie", "HaLVM programs are static"},
    {"a.o -dynamic", "HaLVM programs are static"},
    {"a.o -m32", "x86-64 only"},
    {"-c a.c", "use halvm-cc"},
    {"-x c a.c", "use halvm-cc"},
    {"a.o --frobnicate", "unknown option --frobnicate"},
    {"a.o -h", "unknown option -h"},
    {"a.o --emit=elf", "must be `portable` or `image`"},
    {"a.o --emit", "--emit needs a value"},
    {"a.o --report=all", "the only report is `syscalls`"},
    {"a.o --report=sys", "the only report is `syscalls`"},
    {"a.o --report=syscalls:", "the file name is empty"},
    {"-r a.o --report=syscalls", "-r merges objects"},
    {"-r a.o --forbid-syscall=fork", "-r merges objects"},
    {"-r a.o --root=d", "only an image has files"},
    {"--emit=portable a.o --root=d", "only an image has files"},
    {"a.o --root=", "--root= needs"},
    {"a.o -Wl,--icf=all", "libc compares"},
    {"a.o -Wl,-Ttext=0", "link script"},
    {"-", "standard input"},
};

static void parse_line(void *line)
{
	struct strlist l = {0};
	struct link_args a;

	words(line, &l);
	link_args_parse(&a, &l);
}

static void parse_empty_word(void *unused)
{
	struct strlist l = {0};
	struct link_args a;

	(void)unused;
	strlist_push(&l, "");
	link_args_parse(&a, &l);
}

int main(void)
{
	const char *row = NULL;
	size_t i;
	bool sorted = link_args_sorted(&row);

	halvm_set_progname("halvm-ld");
	check(sorted, "the tables are sorted%s%s", row ? ", not: " : "",
	      row ? row : "");
	test_good();
	test_values();
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		check_dies(parse_line, (void *)(uintptr_t)bad[i].line,
			   EXIT_USAGE, bad[i].part, bad[i].line);
	check_dies(parse_empty_word, NULL, EXIT_USAGE, "an argument is empty",
		   "an empty argument");
	return check_done();
}
