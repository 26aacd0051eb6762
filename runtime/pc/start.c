/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * start.c - from the entry point to a struct boot_info.
 */
#include "arch/page_init.h"
#include "pc/loader.h"
#include "pc/pc.h"

struct boot_info *pc_boot_info(uint64_t magic, uint64_t information,
			       uint64_t tsc)
{
	static struct boot_info info;
	const char *error;

	info.command_line = "";
	info.entry_tsc = tsc;
	error = magic == MULTIBOOT2_MAGIC
		    ? multiboot2_read(information, &info, page_early)
		    : pvh_read(information, &info, page_early);
	if (error)
		pc_fail(error);
	return &info;
}
