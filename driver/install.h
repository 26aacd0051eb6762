/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where this installation is. It is found from the running program's own path,
 * so an installation can be moved, and the build tree serves as one.
 */
#ifndef HALVM_DRIVER_INSTALL_H
#define HALVM_DRIVER_INSTALL_H

/* Number of the contract between objects, sysroot and runtimes. */
#define HALVM_ABI 1

/* All absolute. */
struct install {
	char *bindir;  /* PREFIX/bin, where our commands are */
	char *libdir;  /* PREFIX/lib/halvm */
	char *sysroot; /* libdir/sysroot, or $HALVM_SYSROOT */
};

/* Dies only if the system can't tell which program runs. */
void install_find(struct install *in);
void install_free(struct install *in);

/*
 * Dies with the way out if there is no sysroot, or one of another ABI. A
 * sysroot without sysroot.conf is one that is being built, and is taken.
 */
void install_need_sysroot(const struct install *in);

/* Value of a key in sysroot.conf, NULL if it isn't there; dies on bad text. */
char *install_conf(const struct install *in, const char *key);

/* dir/part with each "." and ".." of part taken away by name. */
char *path_resolve(const char *dir, const char *part);

/* As execvp searches, but without running; NULL if it isn't there. */
char *host_find(const char *name);

/*
 * The full path of a host program: the environment variable `env` if set
 * (an empty one counts as unset), else the first of the NULL-terminated names
 * that PATH has. Dies, naming what to install and `env`, if there is none.
 */
char *host_tool(const char *env, const char *const names[], const char *what);

#endif
