/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Questions that configure scripts, GHC and cabal put to a C compiler. Where
 * gcc would speak of the host, the sysroot answers.
 */
#ifndef HALVM_DRIVER_CC_QUERY_H
#define HALVM_DRIVER_CC_QUERY_H

#include "install.h"

#define HALVM_MACHINE "x86_64-linux-musl"

/* Full path of the host's gcc; dies if there is none. */
char *cc_host_gcc(void);

/* `query` as cc_parse leaves it: -print-x=VALUE in one string. */
_Noreturn void cc_answer(const struct install *in, const char *query);

#endif
