/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Leaves among the C sources of the package that halvm-ghc compiles.
 *
 * GHC needs to know them before it compiles the modules that import them, but
 * Cabal compiles C sources afterwards. So they are compiled here first, as
 * Cabal will, analysed (leaf.h), and thrown away. That is a guess: options may
 * differ in the end. So each Haskell object carries the names that it relies on
 * in a section, OWN_LEAF_SECTION, and halvm-ld proves them again for the
 * program that it links (link_leaf.c).
 *
 *   own_leaf.c        what to do for a command line of GHC
 *   own_leaf_line.c   what that command line says
 *   own_leaf_units.c  headers of the packages it names
 *   own_leaf_cabal.c  what the package's .cabal file says
 *   own_leaf_names.c  the names in Haskell sources with foreign imports
 *   own_leaf_make.c   compiles, analyses
 *   own_leaf_cache.c  keeps the answer
 */
#ifndef HALVM_DRIVER_OWN_LEAF_H
#define HALVM_DRIVER_OWN_LEAF_H

#include "install.h"
#include "util.h"

/* NUL-terminated names of functions; not loaded, absent from images. */
#define OWN_LEAF_SECTION ".halvm.leaves"

/*
 * What ends the program is no reason to count a caller as reaching a syscall:
 * nothing is awaited from it. NULL-terminated.
 */
extern const char *const own_leaf_assumed[];

/*
 * Adds options to GHC's command line `argv` that tell it what it would have
 * been told by -fhalvm-leaf-list=, if `args`, the user's, compile Haskell
 * that may import C sources of its own.
 */
void own_leaf_add(const struct install *in, const struct strlist *args,
		  struct strlist *argv);

/* What GHC's command line says of C. */
struct own_line {
	bool wanted; /* it compiles Haskell modules */
	bool cabal;  /* by Cabal: what to compile is in the .cabal file */
	/* -O options, and whether the first one optimises: that is Cabal's. */
	int levels;
	bool optimise;
	struct strlist modules;	  /* A.B or a file's name */
	struct strlist dirs;	  /* where modules are */
	struct strlist sources;	  /* C and assembly */
	struct strlist objects;	  /* objects and archives */
	struct strlist libraries; /* -l */
	struct strlist options;	  /* for the C compiler */
	struct strlist dbs;	  /* package databases */
	struct strlist packages;  /* -package-id */
};

/* Adds what GHC adds to each compilation of C: headers of packages. */
void own_line_includes(const struct own_line *l, const struct install *in,
		       struct strlist *options);
/* Calls fn with each module that is named and found. */
typedef void own_module_fn(void *arg, const char *path, const char *text,
			   size_t len);
void own_line_modules(const struct own_line *l, own_module_fn *fn, void *arg);
void own_line_read(const struct strlist *args, struct own_line *l);
void own_line_free(struct own_line *l);

/*
 * What a .cabal or .buildinfo file says of C, all components together: without,
 * and with, what hangs on flags that aren't set by default. What is for other
 * systems is left out.
 */
struct own_package {
	struct strlist sources[2], options[2];
	struct strlist libraries; /* extra-libraries, with default flags */
	bool levels;		  /* it has a -O of its own for GHC */
};

/* `ghc` is its version, for conditions. Adds to *p. */
void own_package_read(const char *text, size_t len, const char *ghc,
		      struct own_package *p);
void own_package_free(struct own_package *p);

/*
 * Adds the identifiers of a Haskell source that may import a C function
 * unsafely; none of other sources.
 */
void own_names_read(const char *text, size_t len, struct strlist *names);

/* What is to be analysed. */
struct own_job {
	const struct install *in;
	struct strlist objects;
	struct strlist sources[2], options[2]; /* as in own_package */
};

/*
 * The leaves, sorted; false if nothing could be analysed. Files that were
 * read, other than the sources, are added to deps.
 */
bool own_leaf_make(const struct own_job *j, struct strlist *leaves,
		   struct strlist *deps);

/* As own_leaf_make, from the cache if it knows. */
bool own_leaf_cached(const struct own_job *j, struct strlist *leaves);

#endif
