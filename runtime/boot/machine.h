/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine.h - what of the start differs between machines: each target has one
 * machine_<target>.c that defines the functions machine_*.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "boot/options.h"
#include "console.h"

/*
 * The guest's command line: the loader's, or one that has more from elsewhere
 * in memory that stays.  Memory works, but no interrupts yet.
 */
const char *machine_command_line(const char *line);

/* The console, ready to send; NULL if the machine has none. */
struct console *machine_console(const struct boot_options *options);

/* All else that is to be found, when the console works. */
void machine_start(const struct boot_options *options);

/* For those above: devices.c, serial.c */

/*
 * fn is told the exit status, or STATUS_PANIC, before the machine ends, after
 * the console was.  In a panic: no locks, no memory.  From machine_start.
 */
void boot_tell_status(void (*fn)(int status));
/* The first serial port; NULL if there is none. */
struct console *boot_serial(void);

#endif
