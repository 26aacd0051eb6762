/* SPDX-License-Identifier: BSD-3-Clause */
/* $SOURCE_DATE_EPOCH, as reproducible-builds.org has it. */
#ifndef HALVM_DRIVER_EPOCH_H
#define HALVM_DRIVER_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

/* False if it isn't set. Dies if it is no number of 32 bits. */
bool source_date_epoch(uint32_t *seconds);

#endif
