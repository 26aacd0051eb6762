/* SPDX-License-Identifier: BSD-3-Clause */
/* boot/command_line.c: the line of a loader, and what others add to it. */
#include "boot/command_line.h"
#include "boot/options.h"
#include "check.h"
#include "core/heap.h"
#include "host.h"

static struct boot_options o;
static char *line;

static void join(const char *base, const char *options, const char *environment,
		 const char *arguments)
{
	struct command_line_more more = {options, environment, arguments};

	heap_free(line);
	line = command_line_join(base, &more);
	boot_options_free(&o);
	if (!line || boot_options_parse(line, &o) != 0)
		host_fail("no memory");
}

static void test_parts(void)
{
	join("", NULL, NULL, NULL);
	check_str(line, "", "nothing");
	join(" halvm.cwd=/a  x -- a  \"b c\" ", NULL, NULL, NULL);
	check_str(line, "halvm.cwd=/a x -- a \"b c\"", "the line alone");
	join("halvm.cwd=/a -- a b", NULL, NULL, "c");
	check(o.argument_count == 2 && !strcmp(o.arguments[1], "c"),
	      "arguments take the place of the line's");
	join("halvm.cwd=/a -- a b", NULL, NULL, " \t");
	check(o.argument_count == 3, "but not if there are none");
	join("halvm.cwd=/a", "halvm.cwd=/b halvm.host=h", NULL, "x y");
	check_str(o.cwd, "/b", "an option of later counts");
	check(o.argument_count == 3 && !strcmp(o.host_name, "h"),
	      "arguments where the line has none");
	join("halvm.env=A=1 halvm.env=B=2 -- x", NULL, "A=3 \"C=c d\"", NULL);
	check(o.environment_count == 4 && o.argument_count == 2, "variables");
	check_str(o.environment[0], "A=3", "come before the line's");
	check_str(o.environment[1], "C=c d", "with quotes");
}

static void test_borders(void)
{
	join("halvm.cwd=/a -- x", "halvm.host=\"h", "A=\"1", "\"y z");
	check_str(o.environment[0], "A=1", "a quote left open: environment");
	check_str(o.cwd, "/a", "the line isn't in it");
	check_str(o.host_name, "h", "options");
	check(o.argument_count == 2 && !strcmp(o.arguments[1], "y z"),
	      "arguments");
	join("halvm.cwd=/a\\", "halvm.host=h\\", "A=1\\", "x\\");
	check_str(o.cwd, "/a\\", "a backslash at the end: the line");
	check_str(o.host_name, "h\\", "options");
	check_str(o.environment[0], "A=1\\", "environment");
	check_str(o.arguments[1], "x\\", "arguments");
	join("halvm.cwd=\"/a\\", "halvm.host=h", NULL, NULL);
	check_str(o.cwd, "/a\\", "a backslash in an open quote");
	check_str(o.host_name, "h", "what follows is apart");
	join("halvm.cwd=/a -- x", "-- halvm.host=h \"--\"", "A=1 -- B=2", NULL);
	check(o.argument_count == 2 && o.environment_count == 2 &&
		  !strcmp(o.host_name, "h"),
	      "-- among options and variables is left out");
	join("halvm.cwd=/a \"--\" -- x", NULL, NULL, NULL);
	check(o.argument_count == 3 && !strcmp(o.arguments[1], "--"),
	      "-- in quotes is the same, a second one an argument");
	join("", NULL, NULL, "-- -- x");
	check(o.argument_count == 4 && !strcmp(o.arguments[1], "--"),
	      "arguments may be --");
	join("x \\--", NULL, NULL, "\\\" y");
	check(o.argument_count == 3 && !strcmp(o.arguments[1], "\""),
	      "an escaped quote opens nothing");
}

static void test_memory(void)
{
	struct command_line_more more = {"a", "b", "c"};

	host_heap_limit = 0;
	check(!command_line_join("x", &more), "no memory");
	host_heap_limit = -1;
}

int main(void)
{
	test_parts();
	test_borders();
	test_memory();
	boot_options_free(&o);
	heap_free(line);
	return check_done();
}
