/* SPDX-License-Identifier: BSD-3-Clause */
/* Making images of any format: see image_args.h. */
#include "config.h"
#include "image_args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest_line.h"
#include "link.h"
#include "qcow2.h"
#include "vmdk.h"
#include "xlconf.h"

/* The runtime takes no more; xl's way is narrower, and up to Xen. */
enum { LINE_MAX_BYTES = (1 << 20) - 1 };

/* What firmware and runtime need for themselves, about. */
enum { ROOM_BIOS = 8 << 20, ROOM_UEFI = 48 << 20 };

static _Noreturn void cannot_write(const char *path)
{
	die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
}

static FILE *open_out(const struct link_output *o)
{
	FILE *f = fopen(o->temp, "we");

	if (!f)
		cannot_write(o->path);
	return f;
}

static void close_out(const struct link_output *o, FILE *f)
{
	if (ferror(f) | fclose(f))
		cannot_write(o->path);
}

static void make_elf(const struct image_job *job, const struct mapfile *file)
{
	struct link_output o;
	FILE *f;

	link_output_begin(&o, job->out);
	f = open_out(&o);
	fwrite(file->data, 1, file->len, f);
	close_out(&o, f);
	image_put_root(o.temp, job->image, job->root);
	link_output_commit(&o, true);
}

static char *command_line(const struct image_job *job)
{
	char *line = xstrdup(job->line ? job->line : "");

	if (job->line)
		return line;
	if (job->log_level)
		guest_line_option(&line, "log", job->log_level);
	if (job->host_name)
		guest_line_option(&line, "host", job->host_name);
	if (job->cwd)
		guest_line_option(&line, "cwd", job->cwd);
	for (size_t i = 0; i < job->env.n; i++)
		guest_line_option(&line, "env", job->env.v[i]);
	guest_line_option(&line, "argv0", path_basename(job->image));
	guest_line_word(&line, "--");
	for (size_t i = 0; i < job->args.n; i++)
		guest_line_word(&line, job->args.v[i]);
	if (strlen(line) > LINE_MAX_BYTES)
		die(EXIT_FAILED,
		    "arguments and environment take %zu bytes together; a "
		    "program is given at most %d: put them in a file of --root",
		    strlen(line), LINE_MAX_BYTES);
	return line;
}

/* The image's own name is that of a machine which was given none. */
static char *machine_name(const struct image_job *job)
{
	const char *name =
	    job->vm.name ? job->vm.name : path_basename(job->image);
	const char *wrong = vm_name_check(name);

	if (wrong)
		die(EXIT_FAILED,
		    "the image's name '%s' %s: give another by "
		    "--name=",
		    name, wrong);
	return xstrdup(name);
}

static void make_xl(const struct image_job *job, const char *line)
{
	char *name = machine_name(job), *plain = vm_file_name(name);
	struct xlconf c = {.name = plain,
			   .kernel = job->image,
			   .line = line,
			   .memory = job->vm.memory,
			   .vcpus = job->vm.cpus};
	struct link_output o;
	FILE *f;

	link_output_begin(&o, job->out);
	f = open_out(&o);
	xlconf_write(f, &c);
	close_out(&o, f);
	link_output_commit(&o, false);
	free(plain);
	free(name);
}

/* A disk as a file of the kind that the job wants, or a part of. */
static void save_disk(const struct disk *d, enum image_format format,
		      const struct vm *vm, const char *path)
{
	struct link_output o;
	FILE *f;

	link_output_begin(&o, path);
	if (format == IMAGE_RAW || format == IMAGE_ISO) {
		disk_save(d, o.temp, path);
		link_output_commit(&o, false);
		return;
	}
	f = open_out(&o);
	if (format == IMAGE_QCOW2)
		qcow2_write(f, d);
	else if (format == IMAGE_OVA)
		ova_write(f, vm, d);
	else if (format == IMAGE_VMDK)
		vmdk_write(f, d, VMDK_STREAM, "disk.vmdk");
	else
		vmdk_write(f, d, VMDK_SPARSE, path_basename(path));
	close_out(&o, f);
	link_output_commit(&o, false);
}

/* NAME.vmx and, first, NAME.vmdk beside it. */
static void make_vmx(const struct image_job *job, const struct vm *vm,
		     const struct disk *d)
{
	size_t n = strlen(job->out);
	struct link_output o;
	char *disk;
	FILE *f;

	if (n < 5 || !str_ends(job->out, ".vmx"))
		die(EXIT_USAGE,
		    "-o %s: the name of a configuration ends with "
		    ".vmx; the disk's will end with .vmdk",
		    job->out);
	disk = xasprintf("%.*s.vmdk", (int)(n - 4), job->out);
	save_disk(d, IMAGE_VMDK_SPARSE, NULL, disk);
	link_output_begin(&o, job->out);
	f = open_out(&o);
	vmx_write(f, vm, path_basename(disk));
	close_out(&o, f);
	link_output_commit(&o, false);
	free(disk);
}

/* GRUB goes on without a file that has no room, and the program misses it. */
static void check_memory(const struct vm *vm, const struct disk *d)
{
	uint64_t need = vm->efi ? ROOM_UEFI : ROOM_BIOS;

	for (size_t i = 0; i < d->n; i++)
		need += d->pieces[i].len;
	if (need > vm->memory)
		die(EXIT_FAILED,
		    "the machine's memory is too small for image and files: it "
		    "needs at least --memory=%lluM",
		    (unsigned long long)(need + (1 << 20) - 1) >> 20);
}

static void make_disk(const struct image_job *job, const char *line)
{
	struct disk_contents contents = {.image = job->image,
					 .root = job->root,
					 .command_line = line,
					 .firmware = job->firmware,
					 .reboot = job->reboot};
	struct vm vm = job->vm;
	char *name = machine_name(job);
	struct disk d;

	vm.name = name;
	if (job->format == IMAGE_ISO)
		disk_make_iso(&d, &contents);
	else
		disk_make(&d, &contents);
	if (job->format == IMAGE_VMX || job->format == IMAGE_OVA)
		check_memory(&vm, &d);
	if (job->format == IMAGE_VMX)
		make_vmx(job, &vm, &d);
	else
		save_disk(&d, job->format, &vm, job->out);
	disk_free(&d);
	free(name);
}

void image_make(const struct image_job *job, const struct mapfile *file)
{
	char *line;

	if (job->format == IMAGE_ELF) {
		make_elf(job, file);
		return;
	}
	line = command_line(job);
	if (job->format == IMAGE_XL)
		make_xl(job, line);
	else
		make_disk(job, line);
	free(line);
}
