/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/systab.c, and with it the table that ships (HALVM_SRC). */
#include "config.h"

#include "check.h"
#include "systab.h"

#define HEAD "name nr nargs class linux bare\n"

static void test_good(void)
{
	static const char text[] =
	    "# the table\n" HEAD "read 0 3 files host io\n"
	    "  fork\t57 0 never host ENOSYS # no\n"
	    "futex 202 6 threads host core";
	struct systab t;
	struct parse_error e;
	check(systab_parse(text, strlen(text), &t, &e), "it parses");
	check(t.n == 3 && t.columns.n == 2, "all rows and columns");
	const struct sysent *s = systab_find(&t, "fork");
	int bare = systab_column(&t, "bare");
	check(s && s->nr == 57 && s->nargs == 0 && s->class == CLASS_NEVER,
	      "a row by its name");
	check(bare == 1 && systab_column(&t, "linux") == 0 &&
		  systab_column(&t, "xen") == -1,
	      "columns by name");
	check_str(s ? s->answer[bare] : NULL, "ENOSYS", "its answer");
	check(systab_refused("ENOSYS") && !systab_refused("core"), "refused");
	check_str(sysclass_name(t.v[2].class), "threads", "a class's name");
	check(!systab_find(&t, "for") && !systab_find(&t, "forks"),
	      "no such names");
	systab_free(&t);
	check(!systab_find(&t, "fork"), "an empty table has no names");
}

static const struct {
	const char *text;
	unsigned line;
	const char *part;
} bad[] = {
    {"", 0, "the table is empty"},
    {"# x\n", 0, "the table is empty"},
    {HEAD, 0, "the table has no syscall"},
    {"read 0 3 files host io\n", 1, "the header must begin"},
    {"name nr nargs\n", 1, "the header must begin"},
    {"name nr nargs class\n", 1, "no answer column"},
    {"name nr nargs class a a\n", 1, "column 'a' is there twice"},
    {"name nr nargs class A\n", 1, "bad column name"},
    {"name nr nargs class a b c d e f g h i\n", 1, "more than 8"},
    {HEAD "Read 0 3 files host io\n", 2, "bad syscall name 'Read'"},
    {HEAD "0read 0 3 files host io\n", 2, "bad syscall name"},
    {HEAD "read x 3 files host io\n", 2, "bad number 'x'"},
    {HEAD "read -1 3 files host io\n", 2, "bad number"},
    {HEAD "read 4096 3 files host io\n", 2, "bad number"},
    {HEAD "read 99999999999999999999 3 files host io\n", 2, "bad number"},
    {HEAD "read\n", 2, "bad number ''"},
    {HEAD "read 0 7 files host io\n", 2, "bad argument count"},
    {HEAD "read 0 3 file host io\n", 2, "unknown class 'file'"},
    {HEAD "read 0 3 files host\n", 2, "'read' has no answer for 'bare'"},
    {HEAD "read 0 3 files host disk\n", 2, "bad answer 'disk'"},
    {HEAD "read 0 3 files host E\n", 2, "bad answer 'E'"},
    {HEAD "read 0 3 files host io x\n", 2, "'x' is one column too many"},
    {HEAD "fork 57 0 never host core\n", 2, "of class never"},
    {HEAD "b 1 0 files host io\n\na 1 0 files host io\n", 4, "1 after 1"},
    {HEAD "b 2 0 files host io\na 1 0 files host io\n", 3, "1 after 2"},
    {HEAD "a 1 0 files host io\na 2 0 files host io\n", 0,
     "'a' is there twice"},
};

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct systab t;
		struct parse_error e;
		const char *text = bad[i].text;
		bool ok = systab_parse(text, strlen(text), &t, &e);
		if (!check(!ok && e.line == bad[i].line &&
			       strstr(e.text, bad[i].part) && !t.v,
			   "bad table %zu", i))
			printf("# %u: %s\n", e.line, ok ? "" : e.text);
	}
}

static void load(void *path)
{
	struct systab t;
	systab_load(path, &t);
}

/* A few facts of arch/x86_64/bits/syscall.h, to know it is the right one. */
static void test_shipped(void)
{
	const char *src = getenv("HALVM_SRC");
	struct systab t;
	if (!src) {
		check(true, "the table that ships # SKIP no HALVM_SRC");
		return;
	}
	char *path = path_join(src, "sysroot/syscalls.tbl");
	systab_load(path, &t);
	const struct sysent *mmap = systab_find(&t, "mmap");
	const struct sysent *fork = systab_find(&t, "fork");
	check(t.n > 300, "the table that ships has %zu syscalls", t.n);
	check(mmap && mmap->nr == 9 && mmap->nargs == 6, "mmap is right in it");
	check(fork && fork->nr == 57 && fork->class == CLASS_NEVER,
	      "fork is right in it");
	check(systab_column(&t, "linux") >= 0 && systab_column(&t, "bare") >= 0,
	      "its columns are linux and bare");
	systab_free(&t);
	free(path);
}

int main(void)
{
	test_good();
	test_bad();
	check_dies(load, "/nothing/there", 1, "can't read '/nothing/there'",
		   "a table that isn't there");
	check_dies(load, "/proc/self/status", 1,
		   "/proc/self/status:1: ", "a file that is no table");
	test_shipped();
	return check_done();
}
