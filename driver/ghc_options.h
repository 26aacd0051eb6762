/* SPDX-License-Identifier: BSD-3-Clause */
/* The meaning of the rows in ghc_options (see options.h). */
#ifndef HALVM_DRIVER_GHC_OPTIONS_H
#define HALVM_DRIVER_GHC_OPTIONS_H

#include "options.h"

enum ghc_option {
	GHC_VALUE, /* GHC's own; its value must not be taken for an option */
	GHC_TARGET,
	GHC_EMIT,
	GHC_LINK, /* for halvm-ld */
	GHC_REPORT,
	GHC_ROOT,
	GHC_FORBID,
	GHC_NO_VALUE, /* one of the above without its =VALUE */
	GHC_HELP,
	GHC_VERSION,
	GHC_PRINT_SYSROOT,
	GHC_PRINT_TARGETS,
	GHC_RTS,    /* up to -RTS, arguments are of GHC's own RTS */
	GHC_PIC,    /* taken away with a warning */
	GHC_SHARED, /* the rest can't be done */
	GHC_PIE,
	GHC_PROF,
	GHC_NO_ANALYSIS, /* own C sources aren't looked at for leaves */
};

#endif
