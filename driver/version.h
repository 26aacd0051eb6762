/* SPDX-License-Identifier: BSD-3-Clause */
/* What every command says about itself. */
#ifndef HALVM_DRIVER_VERSION_H
#define HALVM_DRIVER_VERSION_H

/* "halvm-x (HaLVM) VERSION", `more` after it if not NULL; then exits. */
_Noreturn void print_version(const char *more);
/* Prints a usage text and exits. */
_Noreturn void print_help(const char *text);

#endif
