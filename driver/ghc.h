/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running GHC's programs that come with the sysroot: the compiler, ghc-pkg
 * and hsc2hs.
 */
#ifndef HALVM_DRIVER_GHC_H
#define HALVM_DRIVER_GHC_H

#include "install.h"
#include "util.h"

/* Full path of SYSROOT/ghc/bin/NAME; dies if it isn't there. */
char *ghc_program(const struct install *in, const char *name);
/* "GHC 9.0.2", as the sysroot says; NULL without a sysroot. */
char *ghc_version(const struct install *in);
/* Unsets what would bring packages of the host's GHC in; repairs the locale. */
void ghc_environment(void);

/* halvm-ghc with a command line without response files in it. */
_Noreturn void ghc_run(const struct install *in, const struct strlist *args,
		       const char *help);

#endif
