/* SPDX-License-Identifier: BSD-3-Clause */
/* The meaning of the rows in cc_options (see options.h). */
#ifndef HALVM_DRIVER_CC_OPTIONS_H
#define HALVM_DRIVER_CC_OPTIONS_H

#include "options.h"

enum cc_option {
	CC_COMPILE, /* to each compilation */
	CC_LINK,    /* to the linker only */
	CC_BOTH,
	CC_LINK_OWN, /* to halvm-ld, which alone knows it */
	CC_DROP,     /* has no meaning here and does no harm */
	CC_STOP,     /* nothing is linked */
	CC_OUTPUT,
	CC_LANG,
	CC_NOSTDINC,
	CC_VERBOSE,
	CC_DRY_RUN,
	CC_QUERY,
	CC_SHARED, /* the rest can't be done */
	CC_PIE,
	CC_OTHER_ARCH,
};

#endif
