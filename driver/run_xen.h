/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Images for Xen: what run_xen.c, run_xl.c, run_slot.c and run_bed.c share.
 *
 * Where this machine is a dom0, xl makes a domain of an image; elsewhere the
 * dom0 of a test bed (bed.h) does it. In both cases the carrier (run.h) is
 * halvm-run itself, in a mode that isn't for people:
 *
 *	halvm-run --carry-xl CONFIG	here, by xl (run_xl.c)
 *	halvm-run --carry-bed REQUEST	by a bed, over a socket (run_bed.c)
 *	halvm-run --bed-slot DEVICE	its other end, in the bed's dom0, which
 *					has a --carry-xl for each request
 *					(run_slot.c, run_slot_request.c);
 *					records.h is what both say
 *
 * Both carriers copy the console's bytes as they are between the domain and
 * their own standard streams, and end the domain, whenever they are told to
 * by SIGHUP, SIGINT or SIGTERM, or nobody takes its output any more.
 */
#ifndef HALVM_DRIVER_RUN_XEN_H
#define HALVM_DRIVER_RUN_XEN_H

#include "run.h"

/* The plan lacks nothing but the accelerator. The exit status. */
int run_xen(struct run_plan *p, const struct install *in);

/* A mode's exit status, if the words ask for one; else -1. */
int run_carry(const struct strlist *words);

/*
 * The domain of xl's configuration, which has preserve (xlconf.h), until its
 * end: 0 if that was a poweroff, or asked for. It is gone then.
 */
int run_carry_xl(const char *config, bool verbose);

/* What a bed is asked to run. Files are read whole. */
struct bed_request {
	const char *socket; /* of a slot that is ours */
	/* The ramdisk and more lines of xl's configuration may be "". */
	const char *name, *kernel, *ramdisk, *line, *memory, *vcpus, *more;
	/* If not NULL, words of a command for dom0, and no domain is made. */
	const struct strlist *command;
	bool verbose;
};
int run_carry_bed(const struct bed_request *r);

/*
 * For ever. The file `busy`, if not NULL, is there as long as a request is
 * dealt with.
 */
int run_bed_slot(const char *device, const char *busy);

#endif
