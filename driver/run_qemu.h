/* SPDX-License-Identifier: BSD-3-Clause */
/* What run_qemu.c and run_disk.c share. Private to them. */
#ifndef HALVM_DRIVER_RUN_QEMU_H
#define HALVM_DRIVER_RUN_QEMU_H

#include "run.h"

/* A word with its commas doubled, as QEMU's options want file names. */
char *run_option_value(const char *text);
void run_push2(struct strlist *argv, const char *a, const char *b);

/*
 * run_disk.c: what a machine of VMware's kind that boots from a disk has beside
 * what every machine has.
 */
void run_disk_options(const struct run_plan *p, const char *machine,
		      struct strlist *argv);
#endif
