/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * platform.h - what a platform (plat/<target>) does for the layers above.
 *
 * The platform owns the entry point.  It makes the CPU ready for C (long mode,
 * an early page table for the low 4 GiB, a stack), fills in struct boot_info
 * from what the loader left, and calls boot_main.  All else here is called
 * later, by boot and core.
 */
#ifndef RUNTIME_PLATFORM_H
#define RUNTIME_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_RAM_MAX 32
#define BOOT_MODULES_MAX 4
#define BOOT_RESERVED_MAX 8

struct boot_range {
	uint64_t base, size; /* physical, bytes */
};

struct boot_info {
	const char *protocol; /* "pvh", "multiboot2" */
	/* NUL-terminated, from the loader: not to be trusted, may be "". */
	const char *command_line;
	/* Usable RAM: page aligned, sorted, disjoint; the image is in it. */
	struct boot_range ram[BOOT_RAM_MAX];
	unsigned ram_count;
	struct boot_range module[BOOT_MODULES_MAX];
	unsigned module_count;
	/* What else must not be overwritten: the command line. */
	struct boot_range reserved[BOOT_RESERVED_MAX];
	unsigned reserved_count;
	uint64_t rsdp;	    /* ACPI's root pointer, 0 if unknown */
	uint64_t efi;	    /* EFI's system table, 0 if unknown or none */
	uint64_t entry_tsc; /* TSC at the entry point */
};

/* Boot's, called by the platform, on the early stack, interrupts off. */
_Noreturn void boot_main(const struct boot_info *info);

/* Early and last messages, before and without any driver; may drop them. */
void platform_log(const char *text, size_t length);

/*
 * Interrupt controller and clocks, after memory and traps work.  *on_timer is
 * called in interrupt context when the time platform_timer_arm set is there
 * (it may also be called early).
 */
void platform_init(const struct boot_info *info, void (*on_timer)(void));

/*
 * Nanoseconds since some moment of the boot; never goes back, on no CPU.  In
 * any context.  Good for microseconds, rate right to 50 ppm after a second.
 */
uint64_t platform_clock(void);

/* Nanoseconds from 1970-01-01 UTC to platform_clock's 0. */
uint64_t platform_wall_offset(void);

/*
 * The next timer interrupt of this CPU at platform_clock() == deadline or a
 * little later; UINT64_MAX: none.  A later call replaces an earlier one.
 * Interrupts are off.
 */
void platform_timer_arm(uint64_t deadline);

/*
 * Device interrupts.  irq is what bus.h's device says, or an event channel's
 * port on Xen.  fn runs in interrupt
 * context; level-triggered lines are acknowledged after it.  0, or -errno.
 */
int platform_irq_attach(unsigned irq, void (*fn)(void *), void *argument);
/* Undoes it: the line is masked, fn is called no more after this returns. */
void platform_irq_detach(unsigned irq);

/*
 * A message-signalled interrupt that calls fn in interrupt context: a device
 * raises it by writing *data to *address.  0; -ENOSPC; -ENOSYS: none here.
 */
int platform_msi_attach(void (*fn)(void *), void *argument, uint64_t *address,
			uint32_t *data);

enum shutdown_reason {
	SHUTDOWN_EXIT,	 /* the program ended, with `status` */
	SHUTDOWN_PANIC,	 /* status is STATUS_PANIC */
	SHUTDOWN_REBOOT, /* reboot(2) */
};

/* The status of a panic, for those who run images (halvm-run(1)). */
#define STATUS_PANIC 125

/*
 * The port of QEMU's isa-debug-exit device, 0 (the default) for none: writing
 * n there ends QEMU with status 2n + 1.
 */
void platform_set_debug_exit(uint16_t port);

/* Ends the machine.  Tells the host the status where there is a way. */
_Noreturn void platform_shutdown(enum shutdown_reason reason, int status);

#endif
