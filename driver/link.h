/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The work of halvm-ld, in the order in which it happens:
 *
 *   link_args.c    the command line
 *   link_input.c   finds libraries, checks every input before lld sees it
 *   link_leaf.c    proves again what unsafe calls of C rely on
 *   link_lld.c     runs lld, turns its failures into messages
 *   link_output.c  the output appears whole or not at all
 *   link.c         the three links: -r, the portable object, the image
 *   link_keep.c    an executable that holds its portable object
 *   link_join.c    -r for the interpreter: one section of each kind
 *   link_provide.c puts providers' layer into a program that has one
 *   link_report.c  what the program can reach; forbidden and refused syscalls
 *
 * Everything here dies with a message on bad input: it belongs to a command.
 */
#ifndef HALVM_LINK_H
#define HALVM_LINK_H

#include "install.h"
#include "link_args.h"
#include "mapfile.h"
#include "target.h"
#include "util.h"

/* Root of every program: libc's entry, which a runtime calls. */
#define HALVM_ROOT "halvm_start"
/* Absolute symbol that marks a portable object; its value is the ABI. */
#define HALVM_PORTABLE_MARK "halvm_portable"
/* Local absolute symbol in every object that halvm-cc made. */
#define HALVM_ABI_MARK "halvm_abi"
#define HALVM_SYSCALL "halvm_syscall_"

struct link_job {
	const struct link_args *args;
	struct install in;
	struct target target;  /* zero in a merge */
	struct strlist inputs; /* for lld: files found, options, in order */
	const char *portable;  /* the input, if it is a portable object */
	const char *kept;      /* for lld: from link_keep */
	struct strlist claims; /* of all inputs (link_leaf.c) */
	bool provides;	       /* an input refers to providers' layer */
	const char *ghc;       /* GHC's version of the sysroot, or NULL */
};

/* link_input.c: fills inputs and portable. */
void link_resolve(struct link_job *job);

/*
 * link_lld.c: runs lld with these options; `shown` is the name that messages
 * use for the output. Prints lld's messages, and hints. Returns false after a
 * message if the link failed.
 */
bool lld_run(const struct strlist *options, const char *shown);
/*
 * The first line of lld's --version, from "LLD" on: GHC looks for that at the
 * start of a line, and distributions put their name there. Dies if it can't
 * run.
 */
char *lld_version(void);
/* Only prints the command (-###). */
void lld_show(const struct strlist *options);
void lld_set_verbose(bool on);

/* link_output.c */
struct link_output {
	char *path; /* asked for */
	char *temp; /* lld writes here; equal to path for a device */
};
void link_output_begin(struct link_output *o, const char *path);
void link_output_commit(struct link_output *o, bool executable);
void link_output_abort(struct link_output *o);

/* link.c: all of a command line; an exit status. */
int link_run(struct link_job *job);
/* Options of a link of relocatable objects to one that is as portable. */
void link_merge_portable(const struct link_job *job, struct strlist *o,
			 const char *out);
/* Writes the portable object of the inputs to path; false after a message. */
bool link_portable(const struct link_job *job, const char *path,
		   const char *shown);

/*
 * link_join.c: whether the output's name, HSNAME-VERSION.o, says that GHC's own
 * linker will load it; the path of a script that joins sections for that.
 */
bool link_wants_join(const struct link_args *a);
char *link_join_script(void);

/*
 * link_keep.c: the path of an object that lld puts into an image, so that it
 * holds the portable object; whether the file is such an image; and what is in
 * it, as a file, or NULL.
 */
char *link_keep(const char *portable);
bool link_has_kept(const char *path);
char *link_take_kept(const struct mapfile *m);

/*
 * link_leaf.c: adds the C functions that an object calls in the belief that
 * they reach no syscall; false, after a message, if one does in this program.
 */
struct elf;
void link_read_claims(const struct elf *e, struct strlist *names);
bool link_check_claims(const struct link_job *job, const char *portable);

/*
 * link_provide.c: whether an object refers to halvm_provide_*; and, if the
 * program reaches such a name, job's input becomes the portable object joined
 * with the target's layer. False after a message.
 */
bool link_has_provide(const struct elf *e);
bool link_provide(struct link_job *job, const char *portable);

/* link_report.c: false, after a message, if a forbidden syscall is reached. */
bool link_report(const struct link_job *job, const char *portable);
void link_warn_refused(const struct link_job *job, const char *image);
/* Dies if a --forbid-syscall= names no syscall. */
void link_check_forbidden(const struct link_job *job);

#endif
