/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/ghcargs.c: what halvm-ghc makes of a command line. */
#include "config.h"

#include "check.h"
#include "ghcargs.h"

/* The arguments, '|' between them. */
static void parse(const char *line, struct ghc_args *g)
{
	struct strlist args = {0};
	char *copy = xstrdup(line), *rest = copy, *arg;
	while (*line && (arg = strsep(&rest, "|")))
		strlist_push(&args, arg);
	ghc_parse(&args, g);
	free(copy);
	strlist_free(&args);
}

static const struct {
	const char *line, *pass, *link, *target;
} lines[] = {
    {"", "", "", NULL},
    {"--make|-O2|Main.hs|-o|x y", "--make|-O2|Main.hs|-o|x y", "", NULL},
    {"--target=kvm|M.hs", "M.hs", "", "kvm"},
    {"--target=kvm|M.hs|--target=xen", "M.hs", "", "xen"},
    {"--target=|M.hs", "M.hs", "", ""},
    {"--strict|--report=syscalls|M.hs|--forbid-syscall=open|--root=d", "M.hs",
     "--strict|--report=syscalls|--forbid-syscall=open|--root=d", NULL},
    /* Values of GHC's options are not ours, and not refused. */
    {"-optl|-shared|-optc|-fPIC|-o|--strict",
     "-optl|-shared|-optc|-fPIC|"
     "-o|--strict",
     "", NULL},
    {"-e|-dynamic|-package|-prof", "-e|-dynamic|-package|-prof", "", NULL},
    {"-optl-shared|-optc-fPIC|-eventlog|-fprof-auto",
     "-optl-shared|-optc-fPIC|-eventlog|-fprof-auto", "", NULL},
    {"+RTS|--strict|-prof|-RTS|--strict|M.hs", "+RTS|--strict|-prof|-RTS|M.hs",
     "--strict", NULL},
    {"M.hs|+RTS|-xc", "M.hs|+RTS|-xc", "", NULL},
    {"-static|-threaded|-debug|-fllvm", "-static|-threaded|-debug|-fllvm", "",
     NULL},
    {"-fhalvm-ffi-report=x|-M|-c", "-fhalvm-ffi-report=x|-M|-c", "", NULL},
    {"--info|--numeric-version|-?", "--info|--numeric-version|-?", "", NULL},
    {"-o", "-o", "", NULL},
};

static void check_list(const struct strlist *l, const char *want,
		       const char *line)
{
	char *got = strlist_join(l, "|");
	check_str(got, want, line);
	free(got);
}

static void test_lines(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct ghc_args g;
		parse(lines[i].line, &g);
		check(!g.error && g.ask == ASK_NOTHING, "%s: taken",
		      lines[i].line);
		check_list(&g.pass, lines[i].pass, "what GHC gets");
		check_list(&g.link, lines[i].link, "what halvm-ld gets");
		check_str(g.target, lines[i].target, "the target");
		ghc_args_free(&g);
	}
}

static void test_more(void)
{
	struct ghc_args g;
	parse("--emit=image|--emit=portable|--forbid-syscall=a|"
	      "--forbid-syscall=b|-fPIC|-fPIE|M.hs|--report=syscalls=f",
	      &g);
	check_str(g.emit, "portable", "the last --emit");
	check_list(&g.forbid, "a|b", "forbidden syscalls");
	check_list(&g.ignored, "-fPIC|-fPIE", "ignored options");
	check_list(&g.pass, "M.hs", "GHC doesn't get them");
	check(g.report, "a report is asked for");
	ghc_args_free(&g);
}

static void test_refusals(void)
{
	static const char *const bad[][2] = {
	    {"-dynamic|M.hs", "-dynamic: there are no shared libraries"},
	    {"-dynamic-too", "no shared libraries"},
	    {"M.hs|-shared", "no shared libraries"},
	    {"-pie", "position-independent"},
	    {"-prof", "no profiling libraries"},
	    {"--emit=exe", "--emit=portable"},
	    {"--report=all", "--report=syscalls"},
	    {"--target|kvm", "'--target' needs a value"},
	    {"--emit", "'--emit' needs a value"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ghc_args g;
		parse(bad[i][0], &g);
		check(g.error && strstr(g.error, bad[i][1]), "%s: %s",
		      bad[i][0], g.error ? g.error : "taken");
		ghc_args_free(&g);
	}
}

static void test_questions(void)
{
	static const struct {
		const char *line;
		enum ghc_question ask;
	} want[] = {
	    {"--help", ASK_HELP},
	    {"--version|--help", ASK_VERSION},
	    {"-V", ASK_VERSION},
	    {"--print-sysroot", ASK_SYSROOT},
	    {"--print-targets", ASK_TARGETS},
	    {"--print-libdir", ASK_NOTHING},
	    {"-package|--help", ASK_NOTHING},
	};
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		struct ghc_args g;
		parse(want[i].line, &g);
		check(g.ask == want[i].ask, "%s", want[i].line);
		ghc_args_free(&g);
	}
}

int main(void)
{
	test_lines();
	test_more();
	test_refusals();
	test_questions();
	return check_done();
}
