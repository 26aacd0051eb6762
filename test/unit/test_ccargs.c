/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/ccargs.c: what halvm-cc makes of a command line. */
#include "config.h"

#include "ccargs.h"
#include "check.h"

/* The arguments, '|' between them. */
static void parse(const char *line, struct cc_args *cc)
{
	struct strlist args = {0};
	char *copy = xstrdup(line), *rest = copy, *arg;
	while (*line && (arg = strsep(&rest, "|")))
		strlist_push(&args, arg);
	cc_parse(&args, cc);
	free(copy);
	strlist_free(&args);
}

static const struct {
	const char *line;
	bool no_link;
	const char *all, *compile, *link; /* NULL: doesn't matter */
} splits[] = {
    {"-c|a.c", true, "-c|a.c", NULL, NULL},
    {"-O2|-I|d|-Ie|a.c|-c|-o|x y", true, "-O2|-I|d|-Ie|a.c|-c|-o|x y", NULL,
     NULL},
    {"-E|-", true, "-E|-", NULL, NULL},
    {"-E|-undef|-", true, "-E|-undef|-", NULL, NULL},
    {"-MM|a.c", true, "-MM|a.c", NULL, NULL},
    {"-fsyntax-only|a.c", true, "-fsyntax-only|a.c", NULL, NULL},
    /* What only the linker knows doesn't disturb a compilation. */
    {"-c|a.c|-lm|-Wl,-x|--target=kvm|--strict|-fuse-ld=gold|-shared", true,
     "-c|a.c", NULL, NULL},
    {"-O2|a.c|b.s|c.o|-lm|-o|p", false, NULL, "-O2", "a.c|b.s|c.o|-lm"},
    {"a.o|-L|d|-lx|-l|y|-u|s|-z|now|-Xlinker|-v|-T|s.lds", false, NULL, "",
     "a.o|-L|d|-lx|-l|y|-u|s|-z|now|-Xlinker|-v|-T|s.lds"},
    {"-MD|-MF|x.d|a.c", false, NULL, "-MD|-MF|x.d", "a.c"},
    {"-g|-pthread|a.c", false, NULL, "-g|-pthread", "-g|-pthread|a.c"},
    {"--emit=portable|--report=syscalls|--forbid-syscall=open|a.o", false, NULL,
     "", "--emit=portable|--report=syscalls|--forbid-syscall=open|a.o"},
    {"-include|x.c|a.o", false, NULL, "-include|x.c", "a.o"},
    {"lib.a|x.lo|-static|-r|-s|-nostdlib", false, NULL, "",
     "lib.a|x.lo|-static|-r|-s|-nostdlib"},
    /* gcc takes @x for a response file. */
    {"-c|@a.c|-o|@a.o", true, "-c|./@a.c|-o|./@a.o", NULL, NULL},
};

static void check_list(const struct strlist *l, const char *want,
		       const char *line, const char *which)
{
	if (!want)
		return;
	char *got = strlist_join(l, "|");
	char *name = xasprintf("%s: %s", line, which);
	check_str(got, want, name);
	free(got);
	free(name);
}

static void test_splits(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(splits); i++) {
		const char *line = splits[i].line;
		struct cc_args cc;
		parse(line, &cc);
		check(!cc.error && cc.no_link == splits[i].no_link, "%s", line);
		check_list(&cc.all, splits[i].all, line, "all");
		check_list(&cc.compile, splits[i].compile, line, "compile");
		check_list(&cc.link, splits[i].link, line, "link");
		cc_args_free(&cc);
	}
}

static void test_inputs(void)
{
	struct cc_args cc;
	parse("a.c|-lm|-x|c|odd|-x|none|b.S|-xassembler|-|-x|none|d.o|a.so|e",
	      &cc);
	static const struct {
		const char *name, *lang;
		bool source;
	} want[] = {
	    {"a.c", NULL, true},  {"odd", "c", true},
	    {"b.S", NULL, true},  {"-", "assembler", true},
	    {"d.o", NULL, false}, {"a.so", NULL, false},
	    {"e", NULL, false},
	};
	check(cc.n_inputs == ARRAY_SIZE(want), "all inputs");
	for (size_t i = 0; i < ARRAY_SIZE(want) && i < cc.n_inputs; i++) {
		struct cc_input *in = &cc.inputs[i];
		check_str(in->name, want[i].name, "an input");
		check_str(in->lang, want[i].lang, "its language");
		check(in->source == want[i].source, "is it a source");
		check_str(cc.link.v[in->link_at], in->name,
			  "its place in the link");
	}
	cc_args_free(&cc);
	parse("-nostdinc|a.c|-v|-o|x|-oy", &cc);
	check(cc.nostdinc && cc.verbose, "flags");
	check_str(cc.output, "y", "the last output");
	cc_args_free(&cc);
	parse("-Wl,--version|--target=linux", &cc);
	check(cc.asks_linker && !cc.n_inputs && !cc.no_link,
	      "GHC asks which linker it is");
	cc_args_free(&cc);
	parse("", &cc);
	check(!cc.n_inputs && !cc.error, "no arguments");
	cc_args_free(&cc);
}

static void test_queries(void)
{
	static const char *const queries[][2] = {
	    {"--version", "--version"},
	    {"-dumpmachine", "-dumpmachine"},
	    {"-print-file-name=libc.a", "-print-file-name=libc.a"},
	    /* GHC's linker of objects asks so. */
	    {"-L.|--print-file-name|libc.so", "-print-file-name=libc.so"},
	    {"--print-search-dirs", "-print-search-dirs"},
	    {"--help", "--help"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		struct cc_args cc;
		parse(queries[i][0], &cc);
		check_str(cc.query, queries[i][1], queries[i][0]);
		cc_args_free(&cc);
	}
}

static void test_refusals(void)
{
	static const char *const lines[][2] = {
	    {"-shared|a.o", "shared libraries can't be made"},
	    {"a.o|-dynamiclib", "shared libraries can't be made"},
	    {"-pie|a.o", "position-independent"},
	    {"-static-pie|a.o", "position-independent"},
	    {"-m32|-c|a.c", "64-bit x86 only"},
	    {"a.cpp", "only C and assembly"},
	    {"-c|a.cc", "only C and assembly"},
	    {"-x|c++|-c|a.c", "'c++'"},
	    {"-xf95|a", "'f95'"},
	    {"a.c|-o", "'-o' needs a value"},
	    {"a.c|-Xlinker", "'-Xlinker' needs a value"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct cc_args cc;
		parse(lines[i][0], &cc);
		check(cc.error && strstr(cc.error, lines[i][1]), "%s: %s",
		      lines[i][0], cc.error ? cc.error : "taken");
		cc_args_free(&cc);
	}
	static const char *const fine[] = {"-shared|-c|a.c", "-pie|-S|a.c",
					   "a.o|-Xlinker|-shared",
					   "a.o|-u|-pie"};
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++) {
		struct cc_args cc;
		parse(fine[i], &cc);
		check(!cc.error, "%s: taken", fine[i]);
		cc_args_free(&cc);
	}
}

int main(void)
{
	test_splits();
	test_inputs();
	test_queries();
	test_refusals();
	return check_done();
}
