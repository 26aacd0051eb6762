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

/* Ends the machine with a status of 0..255; tells panic.h's status_output. */
_Noreturn void process_exit(int status);
/* Ends it as a signal's default action does: status 128 + sig. */
_Noreturn void process_exit_signal(int sig);

#endif
