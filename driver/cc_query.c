/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers of the C compiler: see cc_query.h. */
#include "config.h"
#include "cc_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static _Noreturn void ask_gcc(const char *query)
{
	char *argv[] = {cc_host_gcc(), (char *)query, NULL};
	run_exec(argv);
}

static _Noreturn void answer(char *text)
{
	puts(text);
	free(text);
	finish(0);
}

/* gcc's own folders are the host's; files are the sysroot's. */
static _Noreturn void file_name(const struct install *in, const char *name,
				const char *query)
{
	if (strcmp(name, "include") == 0 || strcmp(name, "plugin") == 0)
		ask_gcc(query);
	char *lib = path_join(in->sysroot, "lib");
	char *path = path_join(lib, name);
	free(lib);
	/* As gcc: a name that isn't found is printed as it is. */
	answer(file_exists(path) ? path : xstrdup(name));
}

void cc_answer(const struct install *in, const char *query)
{
	static const char print_file[] = "-print-file-name=";
	if (strcmp(query, "--version") == 0) {
		printf("%s (HaLVM) %s\n", halvm_progname(), PACKAGE_VERSION);
		if (fflush(stdout) != 0)
			finish(1);
		ask_gcc(query);
	}
	if (str_ends(query, "-dumpmachine") ||
	    strcmp(query, "-print-multiarch") == 0)
		answer(xstrdup(HALVM_MACHINE));
	if (strcmp(query, "-print-sysroot") == 0)
		answer(xstrdup(in->sysroot));
	if (strcmp(query, "-print-libgcc-file-name") == 0)
		answer(xasprintf("%s/lib/libhalvmgcc.a", in->sysroot));
	if (strcmp(query, "-print-search-dirs") == 0)
		answer(xasprintf("install: %s/\nprograms: =%s/\n"
				 "libraries: =%s/lib/",
				 in->bindir, in->bindir, in->sysroot));
	if (str_starts(query, print_file))
		file_name(in, query + strlen(print_file), query);
	ask_gcc(query);
}
