/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Configurations of Xen's xl, xl.cfg(5), for a domain with an image of ours:
 * one of type pvh, which Xen knows under that name since 4.10.
 */
#ifndef HALVM_DRIVER_XLCONF_H
#define HALVM_DRIVER_XLCONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct xlconf {
	const char *name;    /* of the domain */
	const char *kernel;  /* path on dom0; a relative one is looked up in */
	const char *ramdisk; /* xl's current directory; NULL: none */
	const char *line;    /* the guest's command line; NULL: none */
	uint64_t memory;     /* bytes; whole MiB are given, rounded up */
	unsigned vcpus;
	/*
	 * The domain stays as it is when it ends, for whoever started it to
	 * look at and to destroy. Else it goes, or starts again if it rebooted.
	 */
	bool preserve;
	const char *more; /* lines for its end, as they are; NULL: none */
};

/*
 * Writes it; errors of the stream are the caller's to look for. Dies if what
 * is to be in it can't be (an empty name or kernel).
 */
void xlconf_write(FILE *out, const struct xlconf *c);

/*
 * The text as a string of such a file, quotes and all; the caller frees. Any
 * text has one.
 */
char *xlconf_string(const char *text);

/* Whole MiB that hold so many bytes: the unit of xl's memory=. */
uint64_t xlconf_mebibytes(uint64_t bytes);

#endif
