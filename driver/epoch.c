/* SPDX-License-Identifier: BSD-3-Clause */
/* Times that don't come from the clock: see epoch.h. */
#include "config.h"
#include "epoch.h"

#include <errno.h>
#include <stdlib.h>

#include "util.h"

bool source_date_epoch(uint32_t *seconds)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	unsigned long long v;
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || v > UINT32_MAX)
		die(EXIT_USAGE,
		    "SOURCE_DATE_EPOCH=%s: must be seconds since 1970 that fit "
		    "in 32 bits",
		    text);
	*seconds = (uint32_t)v;
	return true;
}
