/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/json.c and driver/plan.c: what cabal writes of its builds. */
#include "config.h"

#include "check.h"
#include "json.h"
#include "plan.h"
#include "util.h"

static const struct {
	const char *text, *want; /* of the member "a", a string */
} strings[] = {
    {"{\"a\":\"\"}", ""},
    {" { \"b\" : [1,{}] , \"a\" : \"x y\" } ", "x y"},
    {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "\"\\/\b\f\n\r\t"},
    {"{\"a\":\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"}",
     "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
    {"{\"a\":\"\\u00E9\xc3\xa9\"}", "\xc3\xa9\xc3\xa9"},
    {"{\"a\":\"1\",\"a\":\"2\"}", "1"},
    {"{\"a\":null}", NULL},
    {"{\"b\":\"1\"}", NULL},
    {"[\"a\"]", NULL},
    {"-0.5e+3", NULL},
    {"true", NULL},
};

static const struct {
	const char *text;
	size_t len; /* 0: all of the text */
	unsigned line;
	const char *part;
} bad[] = {
    {"", 0, 1, "ends too early"},
    {"\n\n{", 0, 3, "a key is missing"},
    {"{\"a\"}", 0, 1, "':' is missing"},
    {"{\"a\":1", 0, 1, "closing bracket"},
    {"{\"a\":1,}", 0, 1, "a key is missing"},
    {"{a:1}", 0, 1, "a key is missing"},
    {"[1 2]", 0, 1, "closing bracket"},
    {"[1]\n]", 0, 2, "follows the end"},
    {"\"a", 0, 1, "doesn't end"},
    {"\"a\\", 0, 1, "doesn't end"},
    {"\"\\x\"", 0, 1, "escape"},
    {"\"\\u12\"", 0, 1, "escape"},
    {"\"\\u0000\"", 0, 1, "escape"},
    {"\"\\ud800\"", 0, 1, "escape"},
    {"\"\\ud800\\u0041\"", 0, 1, "escape"},
    {"\"\\udc00\"", 0, 1, "escape"},
    {"\"a\nb\"", 0, 1, "control character"},
    {"\"a\0b\"", 5, 1, "control character"},
    {"nul", 0, 1, "none"},
    {"-", 0, 1, "none"},
    {"1.", 0, 1, "none"},
    {"1e", 0, 1, "none"},
    {"+1", 0, 1, "none"},
    {"1\0", 2, 1, "follows the end"},
};

static void test_strings(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		const char *text = strings[i].text;
		struct parse_error e;
		struct json j;
		bool ok = json_parse(text, strlen(text), &j, &e);

		check(ok, "text %zu is JSON", i);
		check_str(json_text(&j, "a"), strings[i].want, "with its text");
		json_free(&j);
	}
}

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len = bad[i].len ? bad[i].len : strlen(bad[i].text);
		struct parse_error e = {0};
		struct json j;
		bool ok = json_parse(bad[i].text, len, &j, &e);

		check(!ok && e.line == bad[i].line &&
			  strstr(e.text, bad[i].part),
		      "bad text %zu: line %u, %s", i, e.line, e.text);
	}
}

static void test_depth(void)
{
	char text[2 * JSON_DEPTH + 3];
	struct parse_error e;
	struct json j;

	for (size_t n = JSON_DEPTH; n <= JSON_DEPTH + 1; n++) {
		memset(text, '[', n);
		memset(text + n, ']', n);
		check(json_parse(text, 2 * n, &j, &e) == (n == JSON_DEPTH),
		      "%zu arrays within each other", n);
		json_free(&j);
	}
}

/* A component, an old package, one of a store, a library. */
static const char good_plan[] =
    "{\"install-plan\":[\n"
    "{\"type\":\"pre-existing\",\"id\":\"base\"},\n"
    "{\"pkg-name\":\"p\",\"style\":\"local\",\"component-name\":\"exe:x\","
    "\"bin-file\":\"/b/x\",\"pkg-src\":{\"type\":\"local\",\"path\":\"/s\"}},\n"
    "{\"pkg-name\":\"p\",\"style\":\"local\",\"component-name\":\"lib\"},\n"
    "{\"pkg-name\":\"q\",\"style\":\"local\",\"components\":{\"lib\":{},"
    "\"test:t\":{\"bin-file\":\"/b/t\"},\"setup\":{},"
    "\"bench:\xc3\xa9:1\":{\"bin-file\":\"/b/e\"}}},\n"
    "{\"pkg-name\":\"r\",\"style\":\"global\",\"component-name\":\"exe:r\","
    "\"bin-file\":\"/b/r\"},\n"
    "{\"pkg-name\":\"s\",\"style\":\"local\",\"component-name\":\"exex:s\","
    "\"bin-file\":\"/b/s\"},7,null]}\n";

static void test_plan(void)
{
	struct parse_error e;
	struct plan p;
	struct strlist all = {0};
	char *text;

	check(plan_parse(good_plan, sizeof(good_plan) - 1, &p, &e), "a plan");
	for (size_t i = 0; i < p.n; i++)
		strlist_pushf(&all, "%s:%s:%s %s %s", p.exes[i].package,
			      p.exes[i].kind, p.exes[i].name, p.exes[i].file,
			      p.exes[i].folder);
	text = strlist_join(&all, "|");
	check_str(text,
		  "p:exe:x /b/x /s|q:test:t /b/t |q:bench:\xc3\xa9:1 /b/e ",
		  "has these executables");
	free(text);
	strlist_free(&all);
	plan_free(&p);
	check(!plan_parse("{}", 2, &p, &e) && strstr(e.text, "install-plan"),
	      "no plan");
	check(!plan_parse("{\"install-plan\":{}}", 19, &p, &e), "a wrong one");
}

int main(void)
{
	test_strings();
	test_bad();
	test_depth();
	test_plan();
	return check_done();
}
