/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.h - the one process: what it was started with, and its end.
 */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include <stdint.h>

#define PROCESS_ID 1

/* What uname and /proc/sys/kernel say. */
#define PROCESS_OS_NAME "HaLVM"
#define PROCESS_OS_RELEASE "3"
#define PROCESS_OS_VERSION "unikernel"

struct process_ids {
	uint32_t real, effective, saved;
};

struct process {
	char **arguments;   /* NULL-terminated, [0] is the program's name */
	char **environment; /* NULL-terminated */
	char host_name[65];
	uint32_t umask;
	struct process_ids users, groups; /* sys/ids.c */
	uint64_t start;			  /* clock_now() at halvm_start */
};

extern struct process process;

/*
 * Functions to be called before the machine ends, last registered first:
 * consoles flush.  Called once, by the ending thread, interrupts on, but not
 * in a panic.  At most 8.
 * Then panic.h's status_output is told.
 */
void process_at_exit(void (*fn)(void));

/* Ends the machine with a status of 0..255. */
_Noreturn void process_exit(int status);
/* Ends it as a signal's default action does: status 128 + sig. */
_Noreturn void process_exit_signal(int sig);

#endif
