/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of symbols for people. GHC's Z-encoded names become what the source
 * says, base_SystemziPosixziTypes_foo1_info to System.Posix.Types.foo1; any
 * other name stays as it is.
 *
 * Source of the encoding: GHC.Utils.Encoding; of the parts of a label:
 * GHC.Cmm.CLabel.
 */
#ifndef HALVM_SYMNAME_H
#define HALVM_SYMNAME_H

#include <stdbool.h>

/* Caller frees. */
char *symname_pretty(const char *symbol);

/* True if it is the label of a Haskell name. */
bool symname_is_haskell(const char *symbol);

/* Decodes one Z-encoded word; NULL if it isn't one. Caller frees. */
char *symname_zdecode(const char *word);

#endif
