/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/util.c and driver/process.c. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>

#include "check.h"
#include "util.h"

static void test_lists(void)
{
	struct strlist l = {0}, more = {0};
	char *s = strlist_join(&l, ", ");
	check_str(s, "", "an empty list joins to nothing");
	free(s);
	for (int i = 0; i < 100; i++)
		strlist_pushf(&l, "%03d", (i * 37) % 100);
	check(l.n == 100 && l.v[100] == NULL, "a list ends in NULL");
	strlist_sort(&l);
	check(strcmp(l.v[0], "000") == 0 && strcmp(l.v[99], "099") == 0,
	      "it sorts");
	strlist_push(&more, "a");
	strlist_push(&more, "");
	strlist_push(&more, "b");
	s = strlist_join(&more, ", ");
	check_str(s, "a, , b", "it joins");
	free(s);
	strlist_append(&l, &more);
	check(l.n == 103 && strcmp(l.v[102], "b") == 0, "it appends");
	strlist_free(&l);
	check(l.n == 0 && !l.v, "a freed list is an empty one");
	strlist_free(&more);
}

static void test_strings(void)
{
	check(str_starts("--target=x", "--target="), "a prefix");
	check(!str_starts("--targ", "--target="), "shorter than the prefix");
	check(str_ends("a.o", ".o") && str_ends(".o", ".o"), "a suffix");
	check(!str_ends("o", ".o"), "shorter than the suffix");
}

static void check_path(char *got, const char *want, const char *name)
{
	check_str(got, want, name);
	free(got);
}

static void test_paths(void)
{
	check_path(path_join("a", "b"), "a/b", "join");
	check_path(path_join("a/", "b"), "a/b", "join after a slash");
	check_path(path_join("", "b"), "b", "join to nothing");
	check_path(path_dirname("/a/b c"), "/a", "dirname");
	check_path(path_dirname("/a"), "/", "dirname at the root");
	check_path(path_dirname("a"), ".", "dirname of a bare name");
	check_str(path_basename("x/-y z"), "-y z", "basename");
	check_path(path_absolute("/a"), "/a", "absolute stays");
	char *s = path_absolute("-x");
	check(s[0] == '/' && str_ends(s, "/-x"), "relative becomes absolute");
	free(s);
	check(dir_exists("/") && !file_exists("/"), "a directory is no file");
	check(file_exists("/dev/null") && !dir_exists("/dev/null"),
	      "a file is no directory");
	check(same_file("/", "/../"), "the same file by two names");
	check(!same_file("/", "/nothing/there"), "nothing is no file");
}

static void test_files(void)
{
	size_t len = 99;
	char *text = read_file("/nothing/there", &len);
	check(!text && errno == ENOENT, "a missing file");
	text = read_file("/", &len);
	check(!text && errno == EISDIR, "a directory");
	text = read_file("/dev/null", &len);
	check(text && len == 0 && text[0] == '\0', "an empty file");
	free(text);
	text = read_file("/proc/self/status", &len);
	check(text && len > 500 && strlen(text) == len,
	      "a file without a size");
	free(text);
	char *name = path_join(temp_dir(), "f");
	FILE *f = fopen(name, "w");
	for (int i = 0; i < 70000; i++)
		putc('a' + i % 26, f);
	fclose(f);
	text = read_file(name, &len);
	check(text && len == 70000 && text[69999] == 'a' + 69999 % 26,
	      "a longer file");
	free(text);
	free(name);
}

static void test_run(void)
{
	char *yes[] = {"true", NULL};
	char *seven[] = {"sh", "-c", "exit 7", NULL};
	char *killed[] = {"sh", "-c", "kill -KILL $$", NULL};
	char *missing[] = {"/nothing/there", NULL};
	char *say[] = {"printf", "%s\n", "$(x) 'y'", NULL};
	char *lots[] = {"sh", "-c", "printf %5000s x; exit 3", NULL};
	char *out;
	check(run_wait(yes) == 0, "success");
	check(run_wait(seven) == 7, "an exit status");
	check(run_wait(killed) == 128 + SIGKILL, "a signal");
	check(run_wait(missing) == 127, "a program that isn't there");
	check(run_capture(say, &out) == 0, "captured");
	check_str(out, "$(x) 'y'\n", "no shell reads an argument");
	free(out);
	check(run_capture(lots, &out) == 3 && strlen(out) == 5000,
	      "all of it and the status");
	free(out);
	check(run_capture(missing, &out) == 127 && !*out, "nothing to capture");
	free(out);
}

static void say_and_die(void *arg)
{
	die(EXIT_USAGE, "no '%s'", (char *)arg);
}

static void just_warn(void *arg)
{
	warn("mind %s", (char *)arg);
}

static void full_disk(void *arg)
{
	if (!freopen("/dev/full", "w", stdout))
		abort();
	puts(arg);
	finish(0);
}

static void exec_status(void *arg)
{
	char *argv[] = {"sh", "-c", arg, NULL};
	run_exec(argv);
}

static void exec_missing(void *arg)
{
	char *argv[] = {arg, NULL};
	run_exec(argv);
}

static void test_endings(void)
{
	halvm_set_progname("/a/b/halvm-x");
	check_dies(say_and_die, "such", 2, "halvm-x: error: no 'such'\n",
		   "die names the program");
	check_dies(just_warn, "the gap", 0, "halvm-x: warning: mind the gap\n",
		   "so does warn");
	check_dies(full_disk, "text", 1, "can't write to standard output",
		   "a full disk under stdout");
	check_dies(exec_status, "echo there >&2; exit 5", 5, "there",
		   "exec keeps the status");
	check_dies(exec_missing, "/nothing/there", 127,
		   "can't run '/nothing/there'", "exec of nothing");
}

/* Prints the directory's name on stderr, puts files in it, then ends. */
static void use_temp_dir(void *arg)
{
	int signal_number = *(int *)arg;
	char *name = temp_dir();
	char *sub = path_join(name, "sub");
	char *file = path_join(sub, "-f \n");
	mkdir(sub, 0700);
	FILE *f = fopen(file, "w");
	fclose(f);
	fprintf(stderr, "%s", name);
	if (signal_number < 0) {
		char *argv[] = {"true", NULL};
		run_exec(argv);
	}
	if (signal_number) {
		raise(signal_number);
		pause();
	}
	exit(0);
}

static void test_temp_dir(void)
{
	static const struct {
		int how, want;
		const char *name;
	} ends[] = {
	    {0, 0, "removed at exit"},
	    {-1, 0, "removed though another program was to be run"},
	    {SIGINT, 128 + SIGINT, "removed on SIGINT"},
	    {SIGTERM, 128 + SIGTERM, "removed on SIGTERM"},
	    {SIGHUP, 128 + SIGHUP, "removed on SIGHUP"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		char name[4096];
		int how = ends[i].how;
		int status = check_run(use_temp_dir, &how, name, sizeof(name));
		check(status == ends[i].want && str_starts(name, "/") &&
			  !dir_exists(name),
		      "temporary directory: %s", ends[i].name);
	}
}

static void bad_tmpdir(void *arg)
{
	setenv("TMPDIR", arg, 1);
	temp_dir();
}

int main(void)
{
	test_lists();
	test_strings();
	test_paths();
	test_run();
	test_endings();
	test_temp_dir();
	check_dies(bad_tmpdir, "/nothing/there", 1, "set TMPDIR",
		   "TMPDIR that isn't there");
	test_files();
	return check_done();
}
