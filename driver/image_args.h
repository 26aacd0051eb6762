/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The work of halvm-image, below its main:
 *
 *   image_args.c   the command line
 *   image_make.c   making what was asked for
 */
#ifndef HALVM_DRIVER_IMAGE_ARGS_H
#define HALVM_DRIVER_IMAGE_ARGS_H

#include "disk.h"
#include "image.h"
#include "util.h"
#include "vm.h"

enum image_format {
	IMAGE_ELF,
	IMAGE_ISO,
	IMAGE_OVA,
	IMAGE_QCOW2,
	IMAGE_RAW,
	IMAGE_VMDK,
	IMAGE_VMDK_SPARSE,
	IMAGE_VMX,
	IMAGE_XL
};

struct image_job {
	enum image_format format;
	const char *image, *root, *out; /* NULL: not given */
	bool info, strip;
	/* The guest's command line: the whole, or what it is made of. */
	const char *line;
	const char *cwd, *host_name, *log_level;
	struct strlist env;  /* NAME=VALUE */
	struct strlist args; /* the program's */
	unsigned firmware;   /* enum disk_firmware; 0: what there is */
	bool reboot;	     /* see struct disk_contents */
	struct vm vm;	     /* of those formats that describe one */
};

enum image_question { IMAGE_MAKE, IMAGE_HELP, IMAGE_VERSION };

/* Words without the program's name. Dies if they are wrong. */
enum image_question image_args_parse(struct image_job *job,
				     char *const words[]);

/* Makes job->out of the image; dies if it can't be done. */
void image_make(const struct image_job *job, const struct mapfile *file);

#endif
