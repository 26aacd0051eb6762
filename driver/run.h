/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The work of halvm-run:
 *
 *   run.c           what an image is for, and how such a one is run
 *   run_args.c      the command line
 *   run_accel.c     whether the host's KVM is worth it
 *   run_line.c      the guest's command line
 *   run_qemu.c      QEMU's
 *   run_disk.c      the same for machines that boot from a disk
 *   run_disk_file.c disks in the place of images
 *   run_xen.c       xl's configuration, and the like for a test bed
 *   run_machine.c   the loop of console, signals and time, beside a carrier
 *   run_process.c   starting and ending the carrier
 *   run_output.c    what guest and carrier say
 *   run_terminal.c  the terminal's settings while a guest has it
 *   run_xl.c, run_bed.c, run_slot.c
 *                   carriers for Xen, see run_xen.h
 *
 * Everything here dies with a message on what can't be done: it belongs to a
 * command.
 */
#ifndef HALVM_DRIVER_RUN_H
#define HALVM_DRIVER_RUN_H

#include <stdint.h>

#include "install.h"
#include "target.h"
#include "util.h"

/* Statuses of halvm-run that aren't the program's; 124 as timeout(1)'s. */
enum { RUN_TIMEOUT = 124, RUN_NO_STATUS = 125 };

enum run_accel { ACCEL_AUTO, ACCEL_KVM, ACCEL_TCG };
/* AUTO is what the target and the machine have, or do best with. */
enum run_console { CONSOLE_AUTO, CONSOLE_SERIAL, CONSOLE_VIRTIO };
enum run_controller {
	CONTROLLER_AUTO,
	CONTROLLER_PVSCSI,
	CONTROLLER_AHCI,
	CONTROLLER_IDE,
	CONTROLLER_LSI
};
enum run_firmware { FIRMWARE_AUTO, FIRMWARE_BIOS, FIRMWARE_UEFI };

struct run_args {
	char *image;	     /* as typed */
	struct strlist args; /* the program's */
	struct strlist env;  /* NAME=VALUE */
	bool clear_env;
	char *machine; /* NULL: the target's first */
	char *memory;  /* as QEMU takes it */
	unsigned cpus;
	enum run_accel accel;
	bool accel_given; /* by an option */
	enum run_console console;
	enum run_controller controller; /* of a disk to boot from */
	enum run_firmware firmware;	/* that boots from it; AUTO: BIOS */
	char *host_name, *cwd;		/* NULL: not given */
	char *root;			/* directory or archive; NULL: none */
	double timeout;			/* seconds; 0: none */
	unsigned gdb;			/* port; 0: none */
	char *log;			/* file; NULL: none */
	char *log_level;
	char *qemu; /* program; NULL: found */
	struct strlist qemu_args;
	struct strlist xl_args;
	bool dry_run, verbose;
};

enum run_question { RUN_IT, RUN_HELP, RUN_VERSION };

/* Words without the program's name. Dies if they are wrong. */
enum run_question run_args_parse(struct run_args *a,
				 const struct strlist *words);
void run_args_free(struct run_args *a);
/* Bytes of --memory=, as run_args_parse leaves it. */
uint64_t run_memory_size(const char *text);

/* run_accel.c: ACCEL_KVM or ACCEL_TCG; *why says why, for people. */
enum run_accel run_accel_choose(enum run_accel asked, const char **why);

/* run_disk_file.c */

/* What a file is that holds a disk. */
struct run_disk_file {
	const char *format; /* as QEMU names it */
	bool is_cd;
	uint64_t at, size; /* of the disk within it; size 0: all of it */
};

/* False if it holds none, or can't be read. */
bool run_disk_file(const char *path, struct run_disk_file *d);
/* Dies if the program was to be given what only its disk could give it. */
void run_disk_file_check(const struct run_args *a);

/* run_qemu.c */
struct run_plan {
	const struct run_args *args;
	const struct target *target;
	const char *image;  /* the file */
	const char *initrd; /* NULL: none */
	const char *disk;   /* to boot from; NULL: the image is the kernel */
	const struct run_disk_file *file; /* what `disk` is; NULL: ours */
	enum run_accel accel;		  /* chosen */
	bool tty[3];			  /* of our descriptors */
	bool closed[3];			  /* so too */
	unsigned rows, columns;		  /* of the terminal; 0: none */
};
void run_qemu_command(const struct run_plan *p, struct strlist *argv);

/* run_disk.c: for targets whose images boot from a disk */

/* Dies if what was asked for can't be had on such a machine. */
void run_disk_check(const struct run_plan *p);
/* Makes the disk; a temporary file, whose name the caller frees. */
char *run_disk_make(const struct run_plan *p);
/* Only adds the command that would make it to argv. */
char *run_disk_dry(const struct run_plan *p, struct strlist *argv);

/* run_line.c */

/*
 * The guest's command line, argv[0] and arguments in it; `devices` are words,
 * each with a blank before it. Dies if it is longer than `max`. Caller frees.
 */
char *run_guest_line(const struct run_plan *p, const char *devices, size_t max);
/* As a POSIX shell reads it; the caller frees. */
char *run_quote_shell(const char *word);

/*
 * What a machine runs by: a program whose standard input and output are the
 * bytes of the console, and which lives as long as the machine. What it says on
 * standard error is shown if the machine stops without a status.
 */
struct carrier {
	const char *name; /* for messages */
	struct strlist argv;
	/*
	 * If not 0, what it has to clear away when it is told to end takes up
	 * to so long, and it is told by SIGTERM; else it can be killed.
	 */
	unsigned grace_ms;
};

/* run_machine.c: runs it to its end; the exit status. */
int run_machine(const struct run_plan *p, const struct carrier *carrier);

/* run_terminal.c */

/*
 * Gives the terminal on descriptor 0 to the guest, whose line discipline then
 * does what the host's did; false if it is none, or we are in the background.
 * Its settings come back at exit.
 */
bool run_terminal_raw(void);
void run_terminal_restore(void);
/* Rows and columns of the first of descriptors 0 to 2 that has any. */
bool run_terminal_size(unsigned *rows, unsigned *columns);

/* run.c */

/* As a line that a POSIX shell takes, to standard output. */
void run_print_command(const struct strlist *argv);
/* All of it; an exit status. */
int run_image(const struct install *in, const struct run_args *a);

#endif
