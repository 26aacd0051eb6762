/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Test suites of type detailed-0.9 on another target. Cabal
 * (Distribution.Simple.Test.LibV09, 1.10 to 3.12) makes of one a program
 * NAMEStub, gives it ("FILE","NAME") on standard input, and reads what it
 * wrote into FILE. A guest has no file of this machine: it gets /dev/stderr
 * for one, and the result, the last thing written there, is put into FILE.
 */
#include "config.h"
#include "cabal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUEST_FILE "/dev/stderr"
#define RESULT "TestSuiteLog {"

/* Makes a file with the text in it our standard input. */
static void set_input(const char *text)
{
	char *path = path_join(temp_dir(), "input");
	FILE *f = fopen(path, "we");
	int fd = -1;

	if (f && fputs(text, f) >= 0 && fclose(f) == 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || dup2(fd, 0) < 0)
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	close(fd);
	free(path);
}

/* The string at *p, in Haskell's syntax without escapes but \" and \\. */
static char *take_string(const char **p)
{
	const char *s = *p;
	char *text = xmalloc(strlen(s) + 1), *out = text;

	if (*s++ != '"')
		goto none;
	while (*s && *s != '"') {
		s += *s == '\\';
		/* A number: some other character, as in a path with an é. */
		if (!*s || (s[-1] == '\\' && *s != '"' && *s != '\\'))
			goto none;
		*out++ = *s++;
	}
	if (!*s)
		goto none;
	*out = '\0';
	*p = s + 1;
	return text;
none:
	free(text);
	return NULL;
}

char *cabal_detailed_begin(const char *exe)
{
	char *text, *file;
	const char *p;
	size_t len;

	if (!str_ends(exe, "Stub") || isatty(0))
		return NULL;
	text = read_file("/dev/stdin", &len);
	if (!text)
		return NULL;
	p = text + 1;
	file = text[0] == '(' ? take_string(&p) : NULL;
	if (file && *p == ',') {
		char *guest = xasprintf("(\"" GUEST_FILE "\"%s", p);

		set_input(guest);
		free(guest);
		free(text);
		return file;
	}
	if (text[0] == '(' && text[1] == '"')
		die(EXIT_FAILED,
		    "a suite of type detailed-0.9 can't have its results in "
		    "%s; use a path of ASCII letters, or type "
		    "exitcode-stdio-1.0",
		    text);
	set_input(text);
	free(text);
	free(file);
	return NULL;
}

static const char *last_result(const char *text)
{
	const char *found = NULL;

	for (const char *p = text; (p = strstr(p, RESULT)); p++)
		found = p;
	return found;
}

static bool write_result(const char *file, const char *text)
{
	FILE *f = fopen(file, "we");
	bool ok = f && fputs(text, f) >= 0;

	return (f && fclose(f) != 0) ? false : ok;
}

int cabal_detailed_run(char *const argv[], const char *file)
{
	char *path = path_join(temp_dir(), "errors"), *text;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600),
	    saved = fcntl(2, F_DUPFD_CLOEXEC, 3), status;
	const char *result;
	size_t len;

	if (fd < 0 || saved < 0 || dup2(fd, 2) < 0)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	status = run_wait(argv);
	dup2(saved, 2);
	text = read_file(path, &len);
	result = text ? last_result(text) : NULL;
	if (!result) {
		fputs(text ? text : "", stderr);
		die(EXIT_FAILED, "the suite ended without telling its results");
	}
	fprintf(stderr, "%.*s", (int)(result - text), text);
	if (!write_result(file, result))
		die(EXIT_FAILED, "can't write '%s': %s", file, strerror(errno));
	free(text);
	free(path);
	return status;
}
