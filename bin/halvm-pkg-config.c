/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-pkg-config: the host's pkg-config, seeing only what is in the
 * sysroot. It answers --version itself as pkg-config does, with a bare number,
 * because cabal and configure scripts read it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "install.h"
#include "util.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-pkg-config [OPTIONS] [MODULE...]\n"
    "HaLVM " PACKAGE_VERSION
    ": runs the host's pkg-config on the static libraries of HaLVM's\n"
    "sysroot; libraries of the host aren't seen. Common options:\n"
    "\n"
    "  --list-all               list all modules\n"
    "  --exists, --modversion   is it there; its version\n"
    "  --cflags, --libs         what to compile and link with\n"
    "  --help                   this text\n"
    "  --version                pkg-config's version, a bare number\n"
    "\n"
    "Environment: HALVM_SYSROOT, HALVM_HOST_PKG_CONFIG.\n"
    "More in halvm-pkg-config(1).\n";

/* All that pkgconf(1) lets bring in other folders or change paths. */
static const char *const variables[] = {"PKG_CONFIG_PATH",
					"PKG_CONFIG_SYSROOT_DIR",
					"PKG_CONFIG_TOP_BUILD_DIR",
					"PKG_CONFIG_SYSTEM_INCLUDE_PATH",
					"PKG_CONFIG_SYSTEM_LIBRARY_PATH",
					"PKG_CONFIG_RELOCATE_PATHS",
					"PKG_CONFIG_FDO_SYSROOT_RULES",
					"PKG_CONFIG_DISABLE_UNINSTALLED"};

int main(int argc, char *argv[])
{
	static const char *const names[] = {HALVM_HOST_PKG_CONFIG, "pkg-config",
					    "pkgconf", NULL};
	struct install in;
	struct strlist call = {0};
	halvm_set_progname(argv[0]);
	install_find(&in);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		print_help(help);
	install_need_sysroot(&in);
	if (strchr(in.sysroot, ':'))
		die(EXIT_FAILED,
		    "the sysroot's path '%s' has a ':', which pkg-config "
		    "takes for the end of a path; move the installation",
		    in.sysroot);
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
		unsetenv(variables[i]);
	char *dir = path_join(in.sysroot, "lib/pkgconfig");
	setenv("PKG_CONFIG_LIBDIR", dir, 1);
	free(dir);
	strlist_push(&call,
		     host_tool("HALVM_HOST_PKG_CONFIG", names, "pkgconf"));
	strlist_push(&call, "--static");
	for (int i = 1; i < argc; i++)
		strlist_push(&call, argv[i]);
	/* Its answer goes by us: pkgconf does not notice a full disk. */
	char *answer;
	int status = run_capture(call.v, &answer);
	if (answer)
		fputs(answer, stdout);
	finish(status);
}
