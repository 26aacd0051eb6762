/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvm.h - between the files of this platform.
 */
#ifndef PLAT_KVM_H
#define PLAT_KVM_H

#include <stdbool.h>
#include <stdint.h>
#include "platform.h"

/* kvmclock (Linux Documentation/virt/kvm/x86/msr.rst). */
bool kvmclock_init(void);
uint64_t kvmclock_read(void);
/* ns from 1970 to kvmclock's 0. */
uint64_t kvmclock_wall(void);

/* The clock, for platform_init. */
void kvm_clock_init(const struct boot_info *info);

#endif
