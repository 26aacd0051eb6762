/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The work of halvm-cabal:
 *
 *   cabal.c          runs the host's cabal with all that makes it ours
 *   cabal_args.c     the command line: our options among cabal's
 *   cabal_home.c     where its files are, keyed by the toolchain
 *   cabal_config.c   the configuration that cabal reads there
 *
 * cabal always builds for the linux target, so that what it makes to be run
 * during the build (Setup, build tools, test suites) just runs. Another
 * target is one more link of an executable that is built (cabal_image.c).
 *
 * Everything here dies with a message on what can't be done: it belongs to a
 * command.
 */
#ifndef HALVM_DRIVER_CABAL_H
#define HALVM_DRIVER_CABAL_H

#include "install.h"
#include "util.h"

/* What cabal's commands are to us. */
enum cabal_kind {
	CABAL_OTHER,  /* needs nothing but the configuration */
	CABAL_FOLDER, /* works in a project's build folder */
	CABAL_BUILD,  /* runs the compiler, too */
};

struct cabal_command {
	const char *name; /* without v2- or new- */
	enum cabal_kind kind;
};

struct cabal_args {
	struct strlist global;		     /* options before the command */
	const struct cabal_command *command; /* NULL: none given */
	struct strlist options; /* cabal's, and its targets, in order */
	bool dashes;		/* there is a -- */
	struct strlist rest;	/* what follows it */
	char *target;		/* --target=, NULL if not given */
	bool builddir;		/* --builddir= is among the options */
	bool help, version;	/* --help or --version before the command */
};

/* Words without the program's name. Dies if they are wrong. */
void cabal_args_parse(struct cabal_args *a, const struct strlist *words);

struct cabal {
	struct install in;
	struct cabal_args args;
	char *program; /* the host's cabal */
	char *root;    /* of all that we keep */
	char *dir;     /* what cabal knows as $CABAL_DIR; below root */
};

/* cabal_home.c: fills in root and dir, and makes both. */
void cabal_home(struct cabal *c);

/* cabal_config.c: writes DIR/config, if it is another than the one there. */
void cabal_configure(const struct cabal *c);
/*
 * The `repository` stanzas of a cabal configuration, as they are, and the one
 * field that says which of them to use.
 */
char *cabal_repositories(const char *text, size_t len);

/* "cabal-install 3.4.1.0", or NULL if there is none. */
char *cabal_version(void);
/* All of it. */
_Noreturn void cabal_run(struct cabal *c, const struct strlist *words,
			 const char *help);

#endif
