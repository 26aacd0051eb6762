/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/rsp.c: response files as GCC, GHC and cabal write them. */
#include "config.h"

#include "check.h"
#include "rsp.h"

static const struct {
	const char *text;
	const char *want; /* the arguments, '|' between them */
} good[] = {
    {"", ""},
    {" \n\t\r\n ", ""},
    {"a b\nc\t d", "a|b|c|d"},
    {"\"a b\" 'c d'", "a b|c d"},
    {"a\\ b", "a b"},
    {"\"\" ''", "|"},
    {"a\"b c\"d", "ab cd"},
    {"\"it's\" 'say \"x\"'", "it's|say \"x\""},
    {"\"a\\\"b\" 'a\\'b'", "a\"b|a'b"},
    {"\"a\\\\b\"", "a\\b"},
    /* GHC.SysTools.Process writes a newline so. */
    {"\"a\\nb\"", "a\nb"},
    {"\"a\\\\nb\"", "a\\nb"},
    {"a\\nb 'a\\nb'", "anb|anb"},
    {"\"a\nb\"", "a\nb"},
    {"a\\\nb", "a\nb"},
    {"-DX=\\\"y\\\"", "-DX=\"y\""},
    {"d\xc3\xa9 \xff", "d\xc3\xa9|\xff"},
    {"end\\", "end\\"},
};

static const struct {
	const char *text;
	size_t len;
	unsigned line;
	const char *part;
} bad[] = {
    {"\"a", 2, 1, "a \" is opened"},
    {"x\ny 'a\nb", 8, 2, "a ' is opened"},
    {"a\nb\0c", 5, 2, "NUL"},
};

static void test_parse(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct strlist l = {0};
		struct parse_error e;
		bool ok = rsp_parse(good[i].text, strlen(good[i].text), &l, &e);
		char *got = strlist_join(&l, "|");
		check(ok, "text %zu parses", i);
		check_str(got, good[i].want, "into its arguments");
		free(got);
		strlist_free(&l);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct strlist l = {0};
		struct parse_error e;
		check(!rsp_parse(bad[i].text, bad[i].len, &l, &e) &&
			  e.line == bad[i].line && strstr(e.text, bad[i].part),
		      "bad text %zu, line %u", i, e.line);
		strlist_free(&l);
	}
}

static char *write_file(const char *name, const char *text)
{
	char *path = path_join(temp_dir(), name);
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	char *arg = xasprintf("@%s", path);
	free(path);
	return arg;
}

static void test_expand(void)
{
	struct strlist l = {0};
	char *inner = write_file("in ner", "'x y' @nothing");
	char *text = xasprintf("a \"%s\" b", inner);
	char *outer = write_file("outer", text);
	char *argv[] = {"prog", "-c", outer, "@", "@missing", NULL};
	rsp_expand(argv, &l);
	char *got = strlist_join(&l, "|");
	check_str(got, "-c|a|x y|@nothing|b|@|@missing",
		  "files in files; names without a file");
	free(got);
	free(text);
	free(inner);
	free(outer);
	strlist_free(&l);
}

static void expand_one(void *arg)
{
	struct strlist l = {0};
	char *argv[] = {"prog", arg, NULL};
	rsp_expand(argv, &l);
}

static void test_expand_bad(void)
{
	char *self = path_join(temp_dir(), "self");
	char *text = xasprintf("a '@%s'", self);
	char *circle = write_file("self", text);
	char *open = write_file("open", "a\n'b");
	char *dir = xasprintf("@%s", temp_dir());
	check_dies(expand_one, circle, 1, "does it name itself?",
		   "a file that names itself");
	check_dies(expand_one, open, 1, "open:2: a ' is opened",
		   "an open quote has its file and line");
	check_dies(expand_one, dir, 1, "can't read", "a directory");
	free(self);
	free(text);
	free(circle);
	free(open);
	free(dir);
}

/* What rsp_text writes is what rsp_parse read. */
static void test_text(void)
{
	static const char *const args[] = {"plain",	"",   "a b",   "'\"\\",
					   "new\nline", "-n", "d\xc3", "\\n ",
					   "\t",	"@x"};
	struct strlist l = {0}, back = {0};
	struct parse_error e;
	for (size_t i = 0; i < ARRAY_SIZE(args); i++)
		strlist_push(&l, args[i]);
	char *text = rsp_text(&l);
	bool same = rsp_parse(text, strlen(text), &back, &e) && back.n == l.n;
	for (size_t i = 0; same && i < l.n; i++)
		same = strcmp(l.v[i], back.v[i]) == 0;
	check(same, "arguments survive a response file");
	free(text);
	strlist_free(&l);
	strlist_free(&back);
}

static void exec_many(void *arg)
{
	struct strlist l = {0};
	size_t n = *(size_t *)arg;
	strlist_push(&l, "sh");
	strlist_push(&l, "-c");
	strlist_push(&l, "test $# = \"$0\" && echo right >&2");
	strlist_pushf(&l, "%zu", n);
	for (size_t i = 0; i < n; i++)
		strlist_push(&l, "x y");
	rsp_exec(&l);
}

static void exec_cat(void *arg)
{
	struct strlist l = {0};
	strlist_push(&l, "cat");
	for (size_t i = 0; i < *(size_t *)arg; i++)
		strlist_push(&l, "/dev/null");
	rsp_exec(&l);
}

/* cat reads no response file, so it says that it got one. */
static void test_exec(void)
{
	size_t few = 1000, many = 100000;
	check_dies(exec_many, &few, 0, "right", "arguments that fit");
	check_dies(exec_cat, &many, 1, "args.rsp",
		   "too many go by a response file");
}

int main(void)
{
	test_parse();
	test_text();
	test_exec();
	test_expand();
	test_expand_bad();
	return check_done();
}
