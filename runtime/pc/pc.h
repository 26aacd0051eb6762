/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/pc.h - what machines like a PC have in common.  A platform takes of it
 * what its machine has.
 *
 *  entry.S  from the loader to long mode; calls platform_start
 *  start.c  boot information of the protocols PVH and multiboot2
 *  irq.c    platform_irq_*, platform_msi_attach by I/O and local APIC
 *  timer.c  platform_timer_arm by the local APIC's timer
 *  log.c    words before and without any driver
 *  reset.c  the ends that need no firmware
 */
#ifndef PC_PC_H
#define PC_PC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "platform.h"

/*
 * The platform's, called by entry.S on the early stack with interrupts off:
 * the protocol's magic (MULTIBOOT2_MAGIC, or anything for PVH), the physical
 * address of the loader's information, the TSC at the entry.
 */
_Noreturn void platform_start(uint64_t magic, uint64_t information,
			      uint64_t tsc);

/* What the loader left; ends the machine with a message if it is damaged. */
struct boot_info *pc_boot_info(uint64_t magic, uint64_t information,
			       uint64_t tsc);

/* By debugcon (QEMU's and Xen's port 0xe9) if it answers, else by COM1. */
void pc_log(const char *text, size_t n);
/* "halvm: panic: <why>", by platform_log; ends the machine. */
_Noreturn void pc_fail(const char *why);

/*
 * Before platform_timer_arm: the local APIC and its timer, which counts at hz;
 * 0: unknown.
 */
void pc_timer_init(void (*on_timer)(void), uint64_t hz);

struct acpi_info;
/* Before platform_irq_attach: I/O APIC and lines as ACPI has them; it stays. */
void pc_irq_setup(const struct acpi_info *acpi);

/* Reset by the keyboard controller, the chip set, at last a triple fault. */
_Noreturn void pc_reset(void);

#endif
