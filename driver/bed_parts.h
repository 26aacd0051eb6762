/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the test bed share among themselves: see bed.h. */
#ifndef HALVM_DRIVER_BED_PARTS_H
#define HALVM_DRIVER_BED_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bed.h"

/* A file of a folder, opened for flock(2), O_CLOEXEC; dies if it can't be. */
int bed_lock_file(const char *dir, const char *name);
/* flock(LOCK_EX), waiting; `what` is said if that takes long. */
void bed_lock(int fd, const char *what);
/* Removes a folder and the files in it; there are no folders in it. */
void bed_remove_folder(const char *dir);
/* On stderr, if b->verbose. */
void bed_say(const struct bed *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* FNV-1a, 64 bits, to be begun with HASH_START. */
#define HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_bytes(uint64_t hash, const void *p, size_t n);
/* The file's path, size and time. */
uint64_t hash_stat(uint64_t hash, const char *path);

/* How QEMU is started. `saved` is open, or -1; `alive` is locked. */
struct bed_machine {
	const char *dom0;	/* folder */
	const char *qemu;	/* program */
	unsigned long memory;	/* MiB */
	const char *xen_line;	/* more options of Xen, or "" */
	const char *linux_line; /* and of dom0's kernel */
};
void bed_machine_start(const struct bed *b, const struct bed_machine *m,
		       int alive, int saved);

/*
 * QEMU's monitor protocol, as far as it is used here. A command is a line of
 * JSON; the answer is one with "return" or "error". No answer in time, or an
 * error, is false, and *answer says what was the matter.
 */
struct qmp {
	int fd;
	size_t n;
	char buf[16384];
};
bool qmp_open(struct qmp *q, const char *path);
bool qmp_command(struct qmp *q, const char *command, char **answer);
/* The same, and passes a descriptor to QEMU. */
bool qmp_command_fd(struct qmp *q, const char *command, int fd, char **answer);
void qmp_close(struct qmp *q);

/* A connected UNIX socket, O_CLOEXEC, or -1 and errno. */
int unix_connect(const char *path);

#endif
