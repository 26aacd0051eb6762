/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A main for the fuzzers where there is no libFuzzer: runs each file named,
 * and each file in a directory named, through LLVMFuzzerTestOneInput, together
 * with what bit flips and cuts make of it. No search, but a corpus of found
 * inputs stays tested with any compiler. Prints how many inputs it ran.
 *
 *	fuzz_x FILE-OR-DIRECTORY...
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long runs;

/* A copy of exactly that size, so that ASan sees a read past its end. */
static void run(const char *text, size_t size)
{
	uint8_t *copy = xmalloc(size);
	memcpy(copy, text, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	runs++;
}

static void run_file(const char *path)
{
	/* Bytes that mean something to one of the parsers. */
	static const char odd[] = "\0\n \"'\\#=@-E9\xff";
	size_t size;
	char *text = read_file(path, &size);
	if (!text)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	run(text, size);
	/* Long files are cut and changed at some places only. */
	size_t step = 1 + size / 512;
	for (size_t at = 0; at < size; at += step) {
		char old = text[at];
		run(text, at);
		for (size_t i = 0; i + 1 < sizeof(odd); i++) {
			text[at] = odd[i];
			run(text, size);
		}
		text[at] = old;
	}
	free(text);
}

static void run_path(const char *path)
{
	if (!dir_exists(path)) {
		run_file(path);
		return;
	}
	DIR *d = opendir(path);
	struct dirent *entry;
	while (d && (entry = readdir(d))) {
		char *file = path_join(path, entry->d_name);
		if (file_exists(file))
			run_file(file);
		free(file);
	}
	if (d)
		closedir(d);
}

int main(int argc, char *argv[])
{
	halvm_set_progname(argv[0]);
	if (argc < 2)
		die(EXIT_USAGE, "no corpus; give files or directories");
	for (int i = 1; i < argc; i++)
		run_path(argv[i]);
	if (!runs)
		die(EXIT_FAILED, "the corpus is empty");
	printf("%s: %lu inputs\n", halvm_progname(), runs);
	finish(0);
}
