/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The work of halvm-cabal:
 *
 *   cabal.c          runs the host's cabal with all that makes it ours
 *   cabal_args.c     the command line: our options among cabal's
 *   cabal_home.c     where its files are, keyed by the toolchain
 *   cabal_config.c   the configuration that cabal reads there
 *   cabal_overlay.c  the repositories that come with us, in it
 *   cabal_select.c   a project's executables, and which of them are meant
 *   cabal_image.c    images of them for other targets, and booting these
 *   cabal_do.c       cabal's commands for another target
 *   cabal_install.c  ... of which this is one
 *   cabal_test.c     what cabal starts in the place of a test suite
 *   cabal_detailed.c  ... whose results are a file
 *   cabal_data.c      a package's files, for its images
 *   cabal_project.c   what cabal wrote into a project
 *
 * cabal always builds for the linux target, so that what it makes to be run
 * during the build (Setup, build tools, Template Haskell) just runs. Each
 * executable holds its portable object (halvm-ld --keep-portable), so another
 * target is one more link, and compiles nothing.
 *
 * Everything here dies with a message on what can't be done: it belongs to a
 * command.
 */
#ifndef HALVM_DRIVER_CABAL_H
#define HALVM_DRIVER_CABAL_H

#include "install.h"
#include "plan.h"
#include "util.h"

/* Where projects are built: apart from what cabal itself builds there. */
#define CABAL_BUILD_FOLDER "dist-newstyle/halvm"
/* Names under which cabal knows lib/halvm/packages, and tools in that. */
#define CABAL_OVERLAY "halvm-overlay"
#define CABAL_TOOLS "halvm-tools"

/* What cabal's commands are to us. */
enum cabal_kind {
	CABAL_OTHER,  /* needs nothing but the configuration */
	CABAL_FOLDER, /* works in a project's build folder */
	CABAL_BUILD,  /* runs the compiler, too */
	CABAL_IMAGES, /* and has executables as its result */
};

struct cabal_command {
	const char *name; /* without v2- or new- */
	enum cabal_kind kind;
};

struct cabal_args {
	struct strlist global;		     /* options before the command */
	const struct cabal_command *command; /* NULL: none given */
	struct strlist options;		     /* cabal's, in order */
	struct strlist words;		     /* what isn't an option */
	bool dashes;			     /* there is a -- */
	struct strlist rest;		     /* what follows it */
	struct strlist link;		     /* options for halvm-ld */
	struct strlist run;		     /* options for halvm-run */
	char *target;			     /* --target=; NULL if not given */
	char *builddir, *project_file;	     /* likewise */
	bool help, version; /* --help or --version before the command */
};

/* cabal_args.c */

/* Words without the program's name. Dies if they are wrong. */
void cabal_args_parse(struct cabal_args *a, const struct strlist *words);
void cabal_args_free(struct cabal_args *a);
/*
 * The value of an option that is NAME=VALUE, or NAME and the next word, *i
 * being at its first word and then at its last; NULL if it is another one.
 */
const char *cabal_value(const struct strlist *words, size_t *i,
			const char *name);

struct cabal {
	struct install in;
	struct cabal_args args;
	char *program;	    /* the host's cabal */
	char *root;	    /* of all that we keep */
	char *dir;	    /* what cabal knows as $CABAL_DIR; below root */
	char *bin;	    /* where install puts executables by default */
	const char *target; /* chosen */
	bool guest;	    /* its images boot, with files of their own */
	char *repositories; /* for --active-repositories; NULL: the default */
};

/* cabal_home.c: fills in root, dir and bin, and makes dir. */
void cabal_home(struct cabal *c);
void cabal_make_dir(const char *path);

/* cabal_config.c: writes DIR/config, if it would differ. */
void cabal_configure(struct cabal *c);
/* Writes the file, which appears whole or not at all. Dies. */
void cabal_write(const char *path, const char *text);
/* The repositories of a cabal configuration, as text for another one. */
char *cabal_repositories(const char *text, size_t len);

/* cabal_overlay.c: lines of the configuration, and c->repositories. */
void cabal_overlay(struct cabal *c, struct strlist *o);

/* cabal.c */

/* Fills in guest. Dies if the target isn't known, or isn't built. */
void cabal_check_target(struct cabal *c);
/* "cabal-install 3.4.1.0", or NULL if there is none. */
char *cabal_version(void);
/* The command line up to the options; `command` is one of cabal's. */
void cabal_command_line(const struct cabal *c, const char *command,
			struct strlist *argv);
/* All of it. */
_Noreturn void cabal_run(struct cabal *c, const struct strlist *words,
			 const char *help);

/* cabal_select.c */

enum cabal_match {
	MATCH_NONE,
	MATCH_PACKAGE, /* it means the package, or all */
	MATCH_EXE,     /* just this one */
};

/* What a target of cabal's, as typed, means for an executable. */
enum cabal_match cabal_match(const char *word, const struct plan_exe *e);
/* Reads the plan that cabal made last. Dies if there is none, or broken. */
void cabal_plan(const struct cabal *c, struct plan *p);
/* Makes the plan of the whole project, builds nothing, and reads it. */
void cabal_make_plan(const struct cabal *c, const char *option, struct plan *p);
/* The one executable that is meant; dies if none or several are. */
const struct plan_exe *cabal_choose(const struct plan *p, const char *word);

/* cabal_image.c */

/* Whether more is to be done than cabal does. */
bool cabal_wants_images(const struct cabal *c);
/* Whether a program is to have its package's files: unless it has others. */
bool cabal_needs_root(const struct cabal *c);
/*
 * Makes the image of an executable, unless it is up to date; its name, which
 * the caller frees. Says so on standard output, unless `quiet`.
 */
char *cabal_image(const struct cabal *c, const char *exe, bool quiet);
/* The same to another place, and always. */
void cabal_image_to(const struct cabal *c, const char *exe, const char *out);
/* cabal_test.c */

/* How we are told that we stand in the place of a test suite. */
#define CABAL_BOOT "HALVM_CABAL_BOOT"
/* Its value: the target, and the options for halvm-ld and halvm-run. */
char *cabal_boot_text(const struct cabal *c);
/*
 * Runs an executable of a package on the target; its arguments follow. The
 * current directory, the package's, is its root.
 */
_Noreturn void cabal_test(struct cabal *c, const struct strlist *words);
/*
 * The exit status of an image whose root is that archive (NULL: none), with
 * more options for halvm-run; `results` if it is of type detailed-0.9.
 */
struct cabal_guest {
	const char *image, *archive;
	const struct strlist *options, *args;
};
/* All of the command line. */
void cabal_boot(const struct cabal *c, const struct cabal_guest *g,
		struct strlist *argv);

/* cabal_data.c */

/* An archive of a package's folder, a temporary file. */
char *cabal_archive(const char *folder);
/* Options for halvm-run: the variables that cabal set for the package here. */
void cabal_data_variables(struct strlist *options);
/*
 * Whether the package has data files; then also the variable that says where in
 * `root`, which is the package's folder to the program.
 */
bool cabal_has_data(const struct plan_exe *e, const char *root,
		    struct strlist *options);

/* cabal_detailed.c */

/*
 * If `exe` is a suite of type detailed-0.9, which is on standard input: the
 * file that its results belong into, and the guest's input is now standard
 * input. Else NULL, and standard input can be read as before.
 */
char *cabal_detailed_begin(const char *exe);
/* Runs it, and puts its results into the file. */
int cabal_detailed_run(char *const argv[], const char *file);

/* cabal_project.c: the folder of cabal.project, or the current one. */
char *cabal_project_root(const struct cabal *c);
/* Takes what is ours alone out of cabal.project and suffix. */
void cabal_project_clean(const struct cabal *c, const char *suffix);

/* cabal_do.c, cabal_install.c: the command, for images. */
_Noreturn void cabal_do(const struct cabal *c);
_Noreturn void cabal_install(const struct cabal *c);

#endif
