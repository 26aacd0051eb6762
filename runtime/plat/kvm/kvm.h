/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvm.h - between the files of this platform.
 */
#ifndef PLAT_KVM_H
#define PLAT_KVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "platform.h"

/*
 * Reads what the loader left at `address`, physical, into *info.  NULL, or
 * why it can't be.  `reach` makes a range of the loader's readable, or
 * returns NULL; a test gives its own.  Nothing of it is trusted.
 */
typedef const void *boot_reach(uint64_t address, size_t size);
const char *pvh_read(uint64_t address, struct boot_info *info,
		     boot_reach *reach);
const char *multiboot2_read(uint64_t address, struct boot_info *info,
			    boot_reach *reach);

#define MULTIBOOT2_MAGIC 0x36d76289

/* Adds RAM, cut to whole pages; what doesn't fit is dropped. */
void boot_add_ram(struct boot_info *info, uint64_t base, uint64_t size);
/* Sorts, and joins what overlaps; false if there is none. */
bool boot_finish_ram(struct boot_info *info);
/* Adds what must not be overwritten. */
bool boot_add_reserved(struct boot_info *info, uint64_t base, uint64_t size);
/* Length of a string of the loader's, at most max; -1 if it has no end. */
long boot_string_length(uint64_t address, size_t max, boot_reach *reach);
#define COMMAND_LINE_MAX (1UL << 20)

/* kvmclock (Linux Documentation/virt/kvm/x86/msr.rst). */
bool kvmclock_init(void);
uint64_t kvmclock_read(void);
/* ns from 1970 to kvmclock's 0. */
uint64_t kvmclock_wall(void);

/* Clocks and timer, for platform_init. */
void kvm_clock_init(const struct boot_info *info, void (*on_timer)(void));

#endif
