/* SPDX-License-Identifier: BSD-3-Clause */
/* provided.c - linked to any program, it mounts files in memory at /mem. */
#include "memory_files.h"

#include <stdlib.h>

static struct halvm_files_provider table;

__attribute__((__constructor__)) static void provide(void)
{
	table = memory_files("/mem");
	if (halvm_provide_files(&table))
		abort();
}
