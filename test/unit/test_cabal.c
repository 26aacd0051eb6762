/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/cabal_args.c, cabal_select.c, cabal_config.c: what is typed, read. */
#include "config.h"

#include "cabal.h"
#include "check.h"

static void split(const char *text, struct strlist *words)
{
	char *copy = xstrdup(text), *rest = copy, *word;

	while ((word = strsep(&rest, "|")))
		strlist_push(words, word);
	free(copy);
}

static char *joined(const struct strlist *l)
{
	return strlist_join(l, "|");
}

static const struct {
	const char *line; /* words with | between them */
	const char *options, *words, *rest, *link, *run, *target;
} lines[] = {
    {"build", "", "", "", "", "", NULL},
    {"v2-build|-v1|exe:a", "-v1", "exe:a", "", "", "", NULL},
    {"new-run|--target=kvm|a|b|--|--target=x|c", "", "a|b", "--target=x|c", "",
     "", "kvm"},
    {"--target|kvm|run|a", "", "a", "", "", "", "kvm"},
    {"run|a|--target|xen|--target=vmware", "", "a", "", "", "", "vmware"},
    {"build|-f|x|a", "-f|x", "a", "", "", "", NULL},
    {"build|-fx|a", "-fx", "a", "", "", "", NULL},
    {"build|--flags=x|--flags|-y|a", "--flags=x|--flags|-y", "a", "", "", "",
     NULL},
    {"test|--test-option|-q|--ghc-options|-O2 -Wall|t",
     "--test-option|-q|--ghc-options|-O2 -Wall", "t", "", "", "", NULL},
    {"build|--with-gcc|x|--enable-tests|a", "--with-gcc|x|--enable-tests", "a",
     "", "", "", NULL},
    {"run|--root=d|--root|e|--strict|--forbid-syscall=f|--report=syscalls", "",
     "", "", "--root=d|--root=e|--strict|--forbid-syscall=f|--report=syscalls",
     "", NULL},
    {"run|--run-option=--memory=1G|--run-option|-v", "", "", "", "",
     "--memory=1G|-v", NULL},
    {"exec|--target=kvm|--|halvm-ghc", "", "", "halvm-ghc", "", "", "kvm"},
    {"run|--", "", "", "", "", "", NULL},
};

static void test_lines(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct strlist words = {0};
		struct cabal_args a;
		char *s;

		split(lines[i].line, &words);
		cabal_args_parse(&a, &words);
		check(a.command, "%s", lines[i].line);
		check_str(s = joined(&a.options), lines[i].options, "options");
		free(s);
		check_str(s = joined(&a.words), lines[i].words, "words");
		free(s);
		check_str(s = joined(&a.rest), lines[i].rest, "after --");
		free(s);
		check_str(s = joined(&a.link), lines[i].link, "for the link");
		free(s);
		check_str(s = joined(&a.run), lines[i].run, "for halvm-run");
		free(s);
		check_str(a.target, lines[i].target, "target");
		strlist_free(&words);
		cabal_args_free(&a);
	}
}

static const struct {
	const char *line, *part;
} wrong[] = {
    {"v1-build", "old interface"},
    {"frob", "no command"},
    {"build|--target", "needs a value"},
    {"build|--target|--", "needs a value"},
    {"build|--run-option", "needs a value"},
    {"sdist|--target=kvm", "--target is for build"},
    {"repl|--root=x", "--root=x is for build"},
    {"exec|--strict", "--strict is for build"},
    {"build|-w|ghc", "-w: halvm-cabal compiles"},
    {"build|-wghc", "-wghc: halvm-cabal compiles"},
    {"build|--with-compiler=ghc", "compiles with halvm-ghc"},
    {"--config-file=x|build", "compiles with halvm-ghc"},
    {"--store-dir|x|build", "compiles with halvm-ghc"},
};

static void parse_line(void *line)
{
	struct strlist words = {0};
	struct cabal_args a;

	split(line, &words);
	cabal_args_parse(&a, &words);
}

static void test_wrong(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		check_dies(parse_line, (void *)wrong[i].line, EXIT_USAGE,
			   wrong[i].part, wrong[i].line);
}

static const struct {
	const char *word, *package, *kind, *name;
	enum cabal_match want;
} matches[] = {
    {"x", "p", "exe", "x", MATCH_EXE},
    {"x", "p", "exe", "y", MATCH_NONE},
    {"p", "p", "exe", "x", MATCH_PACKAGE},
    {"p", "p", "exe", "p", MATCH_EXE},
    {"all", "p", "test", "t", MATCH_PACKAGE},
    {":all", "p", "test", "t", MATCH_PACKAGE},
    {"exes", "p", "exe", "x", MATCH_PACKAGE},
    {"exes", "p", "test", "x", MATCH_NONE},
    {"tests", "p", "test", "t", MATCH_PACKAGE},
    {"exe:x", "p", "exe", "x", MATCH_EXE},
    {"exe:x", "p", "test", "x", MATCH_NONE},
    {"test:x", "p", "test", "x", MATCH_EXE},
    {"bench:x", "p", "bench", "x", MATCH_EXE},
    {"p:x", "p", "exe", "x", MATCH_EXE},
    {"q:x", "p", "exe", "x", MATCH_NONE},
    {"p:tests", "p", "test", "x", MATCH_EXE},
    {"p:tests", "p", "exe", "x", MATCH_NONE},
    {"all:tests", "p", "test", "x", MATCH_EXE},
    {"p:exe:x", "p", "exe", "x", MATCH_EXE},
    {":pkg:p:exe:x", "p", "exe", "x", MATCH_EXE},
    {"p:exe:x:Main", "p", "exe", "x", MATCH_NONE},
    {"", "p", "exe", "x", MATCH_NONE},
    {":", "p", "exe", "x", MATCH_NONE},
    {"/nonesuch/", "p", "exe", "x", MATCH_NONE},
    {".", "p", "exe", "x", MATCH_PACKAGE},
    {"./p.cabal", "p", "exe", "x", MATCH_PACKAGE},
};

static void test_matches(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(matches); i++) {
		char *here = path_absolute(".");
		struct plan_exe e = {(char *)matches[i].package,
				     (char *)matches[i].kind,
				     (char *)matches[i].name, "", here};

		check(cabal_match(matches[i].word, &e) == matches[i].want,
		      "'%s' and %s:%s:%s", matches[i].word, e.package, e.kind,
		      e.name);
		free(here);
	}
}

static const struct {
	const char *text, *want;
} configs[] = {
    {"", ""},
    {"repository a\n  url: x\n", "repository a\n  url: x\n"},
    {"jobs: 3\nrepository a\n  url: x\n\n  secure: True\njobs: 4\n  y: z\n",
     "repository a\n  url: x\n  secure: True\n"},
    {"-- repository a\n--   url: x\n", ""},
    {"repository a\n  -- c\n  url: x", "repository a\n  url: x\n"},
    {"remote-repo: a:b\nworld-file: c\n", "remote-repo: a:b\n"},
    {"repository halvm-overlay\n  url: x\nrepository b\n  url: y\n",
     "repository b\n  url: y\n"},
    {"repository halvm-tools\n  url: x\n", ""},
    {"remote-repo-cache: x\nrepositoryx a\n  url: y\n", ""},
    {"program-locations\n  repository a\n", ""},
};

static void test_configs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
		const char *text = configs[i].text;
		char *got = cabal_repositories(text, strlen(text));

		check_str(got, configs[i].want, text);
		free(got);
	}
}

int main(void)
{
	test_lines();
	test_wrong();
	test_matches();
	test_configs();
	return check_done();
}
