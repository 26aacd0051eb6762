/* SPDX-License-Identifier: BSD-3-Clause */
/* What every command says about itself: see version.h. */
#include "config.h"
#include "version.h"

#include <stdio.h>

#include "util.h"

void print_version(const char *more)
{
	printf("%s (HaLVM) %s%s%s\n", halvm_progname(), PACKAGE_VERSION,
	       more ? ", " : "", more ? more : "");
	finish(0);
}

void print_help(const char *text)
{
	fputs(text, stdout);
	finish(0);
}
