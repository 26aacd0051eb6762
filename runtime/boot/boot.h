/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * boot.h - between the files that put the runtime together.
 *
 * boot knows all layers and decides the order of their start; no layer knows
 * boot.  main.c has that order.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include "boot/options.h"
#include "platform.h"

/*
 * Direct map, page allocator and heap from the machine's RAM: what of it is
 * not the image, a module or the loader's.  Panics if there is too little.
 */
void boot_memory(const struct boot_info *info);
/* The image's own page tables, and its sections as areas. */
void boot_map_image(void);

/* Consoles, their files 0 to 2, entropy devices. */
void boot_devices(const struct boot_options *options);

/* The root archives of image and modules; the VFS. */
void boot_files(const struct boot_info *info,
		const struct boot_options *options);

/* libc's start on a stack of its own. */
_Noreturn void boot_program(const struct boot_options *options);

#endif
