/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devices.h - finds the machine's devices and joins them with the layers that
 * use them.
 */
#ifndef BOOT_DEVICES_H
#define BOOT_DEVICES_H

#include "boot/options.h"

/*
 * The console, descriptors 0 to 2, the random number device.  Memory,
 * platform_irq_attach and descriptors work; interrupts may be off still.
 * Output works from here on, also before there are threads.  0 or -errno.
 */
int devices_init(const struct boot_options *options);

#endif
