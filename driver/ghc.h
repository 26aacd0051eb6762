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
/*
 * The command of halvm-cabal that we run below, NULL if none. But below `exec`,
 * programs are for linux, whatever is asked for, and keep their portable
 * object, of which halvm-cabal makes images of other targets.
 */
const char *ghc_cabal_command(void);
/* Unsets what would bring packages of the host's GHC in; repairs the locale. */
void ghc_environment(void);

/* ghc_plugins.c: warns of sources that ask for a plugin. */
void ghc_look_for_plugins(const struct strlist *args);

/* halvm-ghc with a command line without response files in it. */
_Noreturn void ghc_run(const struct install *in, const struct strlist *args,
		       const char *help);

#endif
