/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Targets: what lib/halvm/targets/NAME/target.conf says. A target is data, so
 * nothing here knows one by name. Its keys:
 *
 *   name             as its folder's
 *   title            for people
 *   syscalls         column of syscalls.tbl that holds its answers
 *   strict-syscalls  column for class `never` under --strict; else syscalls
 *   runtime          relocatable object with the halvm_* symbols
 *   provide          providers' layer, for programs that have one; optional
 *   script           link script
 *   format           what the link makes, e.g. elf-static
 *
 * and, for halvm-run and halvm-image, those that apply:
 *
 *   run              host: the image is a program of this machine;
 *                    qemu: it boots in a virtual machine;
 *                    xl: Xen makes a domain of it
 *   boot             how it is booted there: pvh, as a kernel; disk, by a
 *                    loader from a disk (disk.h)
 *   machines         QEMU's machines that it boots on, the default first
 *   root             segment: an archive in the image can be its root file
 *                    system
 */
#ifndef HALVM_DRIVER_TARGET_H
#define HALVM_DRIVER_TARGET_H

#include "install.h"
#include "lines.h"
#include "util.h"

#define TARGET_DEFAULT "linux"

/* Of which the name of a machine of QEMU's is made. */
#define TARGET_MACHINE_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-._"

struct target {
	char *name, *title;
	char *syscalls, *strict_syscalls;
	char *provide; /* file name; absolute after target_load; or NULL */
	char *runtime, *script; /* file names; absolute after target_load */
	char *format;
	char *run, *boot, *machines, *root; /* NULL: not said */
	bool built; /* the runtime object exists; set by target_load */
};

/* On false *t is freed and zero. */
bool target_parse(const char *buf, size_t len, struct target *t,
		  struct parse_error *e);
void target_free(struct target *t);

/* Sorted names of all targets of the installation. */
void target_list(const struct install *in, struct strlist *names);

/* Dies with the known targets if there is none of that name. */
void target_load(const struct install *in, const char *name, struct target *t);
/* Dies if its runtime isn't built. */
void target_need_built(const struct install *in, const struct target *t);

/* It needs a disk with a boot loader. */
bool target_boots_disk(const struct target *t);
/*
 * QEMU's machine for its images: `asked`, or the first of its list if that is
 * NULL. Dies if the list hasn't got it. The caller frees.
 */
char *target_machine(const struct target *t, const char *asked);

/* Dies if its images can't hold the files of --root. */
void target_need_root(const struct target *t);

/*
 * The name of the target to use: the last --target=, else $HALVM_TARGET, else
 * the default. `given` is the command line's, or NULL.
 */
const char *target_choice(const char *given);

#endif
