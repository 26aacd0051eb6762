/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-image: tells what an image is, and puts files into one; driver/image*.c
 * do the work.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "link.h"
#include "target.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-image IMAGE --root=DIR|FILE -o OUT\n"
    "       halvm-image IMAGE --strip -o OUT\n"
    "       halvm-image --info IMAGE\n"
    "Makes images from images that halvm-ld and halvm-ghc linked.\n"
    "\n"
    "  --root=DIR|FILE   the files of this directory, or of this cpio "
    "archive,\n"
    "                    become the program's root file system, in the place\n"
    "                    of those that the image has\n"
    "  --strip           take the image's files out\n"
    "  -o FILE           the new image; may be the old one's name\n"
    "  --format=elf      what to make; there is nothing else so far\n"
    "  --info            print target, entry, segments, files and notes\n"
    "  --help, --version\n"
    "\n"
    "Environment: SOURCE_DATE_EPOCH. More in halvm-image(1).\n";

struct job {
	const char *image, *root, *out;
	bool info, strip;
};

static const char *value_of(const char *arg, char *argv[], int *i)
{
	const char *value = strchr(arg, '=');

	if (str_starts(arg, "--") && value)
		value++;
	else if (!str_starts(arg, "--") && arg[2])
		value = arg + 2; /* -oFILE */
	else
		value = argv[*i + 1] ? argv[++*i] : "";
	if (!*value)
		die(EXIT_USAGE, "%s needs a value", arg);
	return value;
}

static bool is_option(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return str_starts(arg, name) && (!arg[n] || arg[n] == '=');
}

static void option(struct job *job, char *argv[], int *i)
{
	const char *arg = argv[*i];

	if (strcmp(arg, "--help") == 0)
		print_help(help);
	if (strcmp(arg, "--version") == 0)
		print_version(NULL);
	if (strcmp(arg, "--info") == 0) {
		job->info = true;
	} else if (strcmp(arg, "--strip") == 0) {
		job->strip = true;
	} else if (is_option(arg, "--root")) {
		job->root = value_of(arg, argv, i);
	} else if (str_starts(arg, "-o")) {
		job->out = value_of(arg, argv, i);
	} else if (is_option(arg, "--format")) {
		const char *format = value_of(arg, argv, i);
		if (strcmp(format, "elf") != 0)
			die(EXIT_USAGE,
			    "--format=%s: so far only elf can be made", format);
	} else {
		die(EXIT_USAGE, "unknown option %s (see --help)", arg);
	}
}

static void parse(struct job *job, char *argv[])
{
	for (int i = 1; argv[i]; i++) {
		if (argv[i][0] == '-' && argv[i][1])
			option(job, argv, &i);
		else if (job->image)
			die(EXIT_USAGE, "one image at a time: '%s' and '%s'",
			    job->image, argv[i]);
		else
			job->image = argv[i];
	}
	if (!job->image)
		die(EXIT_USAGE, "no image (see --help)");
	if (job->info + job->strip + !!job->root != 1)
		die(EXIT_USAGE, "give one of --root=, --strip and --info");
	if (!job->info && !job->out)
		die(EXIT_USAGE, "-o is missing: name the new image");
	if (job->info && job->out)
		die(EXIT_USAGE, "--info makes no image: leave -o out");
}

static void copy(const struct mapfile *from, const char *path,
		 const char *shown)
{
	FILE *f = fopen(path, "we");

	if (f)
		fwrite(from->data, 1, from->len, f);
	if (!f || (ferror(f) | fclose(f)))
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
}

static void make(const struct job *job, const struct mapfile *file)
{
	struct link_output o;

	link_output_begin(&o, job->out);
	copy(file, o.temp, job->out);
	image_put_root(o.temp, job->image, job->root);
	link_output_commit(&o, true);
}

int main(int argc, char *argv[])
{
	struct job job = {0};
	struct mapfile file;
	struct install in;
	struct image im;
	struct target t;

	(void)argc;
	halvm_set_progname(argv[0]);
	parse(&job, argv);
	image_load(&im, &file, job.image);
	install_find(&in);
	target_load(&in, im.target, &t);
	if (job.info)
		image_info(&im, job.image, t.title);
	else if (job.root)
		target_need_root(&t);
	if (!job.info)
		make(&job, &file);
	target_free(&t);
	install_free(&in);
	mapfile_close(&file);
	finish(0);
}
