/* SPDX-License-Identifier: BSD-3-Clause */
/* boot/options.c: the guest's command line. */
#include "boot/options.h"
#include "check.h"
#include "halvm/abi/errno.h"
#include "host.h"

static struct boot_options o;

static void parse(const char *line)
{
	boot_options_free(&o);
	if (boot_options_parse(line, &o) != 0)
		host_fail("boot_options_parse");
}

static void test_empty(void)
{
	parse("");
	check(o.argument_count == 1 && o.arguments[0] && !o.arguments[1],
	      "an empty line: a name only");
	check(!o.environment[0] && !o.host_name && !o.cwd, "nothing else");
	check(o.log_level == LOG_WARNING && !o.framed && !o.is_pipe[0],
	      "defaults");
	parse("  \t quiet  root=/dev/sda ");
	check(o.argument_count == 1 && o.bad_count == 0,
	      "others' words are ignored");
}

static void test_arguments(void)
{
	parse("quiet halvm.argv0=hello -- one  two -- halvm.cwd=/x");
	check(o.argument_count == 5, "five");
	check_str(o.arguments[0], "hello", "argv0");
	check_str(o.arguments[1], "one", "first");
	check_str(o.arguments[3], "--", "a second --");
	check_str(o.arguments[4], "halvm.cwd=/x", "no option behind --");
	check(!o.arguments[5] && !o.cwd, "and no more");
	parse("-- \"a b\" c\\ d \"\" e\"f g\"h \\\\ \\\" \"\\\"x\" \"\\a");
	check(o.argument_count == 9, "quoting");
	check_str(o.arguments[1], "a b", "quotes group");
	check_str(o.arguments[2], "c d", "a backslash before a blank");
	check_str(o.arguments[3], "", "an empty word");
	check_str(o.arguments[4], "ef gh", "quotes in a word");
	check_str(o.arguments[5], "\\", "a backslash");
	check_str(o.arguments[6], "\"", "a quote");
	check_str(o.arguments[7], "\"x", "a quote in quotes");
	check_str(o.arguments[8], "a", "quotes that don't end");
	parse("-- a\\");
	check_str(o.arguments[1], "a\\", "a backslash at the end");
}

static void test_values(void)
{
	parse("halvm.env=A=1 halvm.env=\"B=two words\" halvm.env=C= "
	      "halvm.host=h halvm.cwd=/tmp halvm.framed=1 halvm.stdin=pipe "
	      "halvm.stderr=pipe halvm.stdout=tty halvm.tty-size=24x80 "
	      "halvm.log=debug halvm.debug-exit=0xf4 halvm.console=virtio0");
	check(o.environment_count == 3 && !o.environment[3], "environment");
	check_str(o.environment[1], "B=two words", "a variable");
	check_str(o.host_name, "h", "host");
	check_str(o.cwd, "/tmp", "cwd");
	check(o.framed && o.is_pipe[0] && !o.is_pipe[1] && o.is_pipe[2],
	      "streams");
	check(o.rows == 24 && o.columns == 80, "the terminal's size");
	check(o.log_level == LOG_DEBUG && o.debug_exit == 0xf4 &&
		  o.console == CONSOLE_VIRTIO0,
	      "log, debug-exit, console");
	check(o.bad_count == 0, "all is understood");
	parse("halvm.virtio-mmio=512@0xfeb00000:5 "
	      "halvm.virtio-mmio=0x200@0xfeb00200:6");
	check(o.virtio_mmio_count == 2 && o.virtio_mmio[1].size == 512 &&
		  o.virtio_mmio[1].base == 0xfeb00200 &&
		  o.virtio_mmio[1].irq == 6 &&
		  o.virtio_mmio[1].kind == BUS_MMIO,
	      "virtio devices");
}

static void test_bad(void)
{
	static const char *const words[] = {
	    "halvm.foo=1",
	    "halvm.",
	    "halvm.env=",
	    "halvm.env==x",
	    "halvm.env=A",
	    "halvm.framed=2",
	    "halvm.framed=",
	    "halvm.framed",
	    "halvm.stdin=file",
	    "halvm.tty-size=24",
	    "halvm.tty-size=24x",
	    "halvm.tty-size=x80",
	    "halvm.tty-size=1x65536",
	    "halvm.tty-size=1x2x3",
	    "halvm.log=",
	    "halvm.debug-exit=65536",
	    "halvm.debug-exit=-1",
	    "halvm.console=tty0",
	    "halvm.virtio-mmio=512",
	    "halvm.virtio-mmio=0@1:2",
	    "halvm.virtio-mmio=2@0xffffffffffffffff:1",
	    "halvm.virtio-mmio=1@2:99999999999",
	};
	unsigned good = 0;

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		parse(words[i]);
		if (o.bad_count == 1 && strcmp(o.bad[0], words[i]) == 0 &&
		    !o.virtio_mmio_count && !o.environment_count)
			good++;
		else
			printf("# taken: %s\n", words[i]);
	}
	check(good == sizeof(words) / sizeof(*words), "bad options are told");
}

static void test_memory(void)
{
	struct boot_options none;
	long objects;
	int good = 0;

	boot_options_free(&o);
	objects = host_heap_objects;
	for (long limit = 0; limit < 3; limit++) {
		host_heap_limit = limit;
		good += boot_options_parse("halvm.virtio-mmio=1@2:3 -- a",
					   &none) == -ENOMEM;
	}
	host_heap_limit = -1;
	check(good == 3 && host_heap_objects == objects, "without memory");
}

static void test_long(void)
{
	enum { WORDS = 100000 };
	char *line = malloc(WORDS * 2 + 4), *p = line;

	p += sprintf(p, "-- ");
	for (int i = 0; i < WORDS; i++) {
		*p++ = 'a';
		*p++ = ' ';
	}
	*p = '\0';
	parse(line);
	check(o.argument_count == WORDS + 1, "many arguments");
	free(line);
}

int main(void)
{
	test_empty();
	test_arguments();
	test_values();
	test_bad();
	test_memory();
	test_long();
	boot_options_free(&o);
	return check_done();
}
