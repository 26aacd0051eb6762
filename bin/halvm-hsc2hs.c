/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-hsc2hs: hsc2hs with the sysroot's headers. The programs it makes run
 * during the build, so they are for the linux target whatever is chosen.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ghc.h"
#include "rsp.h"
#include "target.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-hsc2hs [OPTIONS] FILE.hsc...\n"
    "Runs hsc2hs with halvm-cc and the headers of HaLVM's sysroot.\n"
    "`halvm-hsc2hs -?` is hsc2hs's own help. Common options:\n"
    "\n"
    "  -o FILE, --output=FILE   name of the output\n"
    "  -I DIR                   a folder of headers\n"
    "  -C FLAG, --cflag=FLAG    a flag for halvm-cc\n"
    "  -L FLAG, --lflag=FLAG    a flag for the link\n"
    "  -D NAME[=VALUE]          define a macro\n"
    "  -k, -v                   keep temporary files; show commands\n"
    "  --help, --version        this text; hsc2hs's version and ours\n"
    "\n"
    "Environment: HALVM_SYSROOT, HALVM_HOST_CC. More in halvm-hsc2hs(1).\n";

/* cabal takes the third word for hsc2hs's version. */
static _Noreturn void version(char *hsc2hs)
{
	char *out, *argv[] = {hsc2hs, "--version", NULL};
	int status = run_capture(argv, &out);
	out[strcspn(out, "\n")] = '\0';
	if (status != 0)
		exit(status);
	printf("%s (HaLVM %s)\n", out, PACKAGE_VERSION);
	finish(0);
}

static bool has_template(const struct strlist *args)
{
	for (size_t i = 0; i < args->n; i++) {
		const char *a = args->v[i];
		if (str_starts(a, "-t") || str_starts(a, "--template="))
			return true;
	}
	return false;
}

int main(int argc, char *argv[])
{
	struct install in;
	struct strlist args = {0}, call = {0};
	(void)argc;
	halvm_set_progname(argv[0]);
	install_find(&in);
	rsp_expand(argv, &args);
	if (args.n && strcmp(args.v[0], "--help") == 0)
		print_help(help);
	char *hsc2hs = ghc_program(&in, "hsc2hs");
	if (args.n && (strcmp(args.v[0], "--version") == 0 ||
		       strcmp(args.v[0], "-V") == 0))
		version(hsc2hs);
	if (!args.n)
		die(EXIT_USAGE, "no input files; %s --help tells more",
		    halvm_progname());
	strlist_push(&call, hsc2hs);
	/*
	 * By name and not by path: hsc2hs writes an #include of it, in which a
	 * path with quotes or newlines has no spelling.
	 */
	if (!has_template(&args))
		strlist_push(&call, "--template=template-hsc.h");
	strlist_pushf(&call, "--cc=%s/halvm-cc", in.bindir);
	strlist_pushf(&call, "--ld=%s/halvm-cc", in.bindir);
	strlist_append(&call, &args);
	/* HsFFI.h and the template, after the user's own folders. */
	strlist_pushf(&call, "-I%s/ghc/include/", in.sysroot);
	strlist_pushf(&call, "-I%s/ghc", in.sysroot);
	setenv("HALVM_TARGET", TARGET_DEFAULT, 1);
	ghc_environment();
	run_exec(call.v);
}
