/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What every host command needs: messages, memory that can't be short, lists
 * of strings, paths, and running other programs.
 *
 * Rules of use: main calls halvm_set_progname first. Nothing here goes through
 * a shell; a program is always an argv array. die() is for commands and for
 * functions that say so; parsers return errors instead (see lines.h), so that
 * tests and fuzzers can call them.
 */
#ifndef HALVM_DRIVER_UTIL_H
#define HALVM_DRIVER_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit statuses: what was asked could not be done; it was asked wrongly. */
enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

void halvm_set_progname(const char *argv0);
const char *halvm_progname(void);

/* "prog: error: ...\n" on stderr, then exit(status). */
_Noreturn void die(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* "prog: warning: ...\n" on stderr. */
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The end of a command that printed its answer: a full disk or a closed pipe
 * under stdout must not look like success.
 */
_Noreturn void finish(int status);

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* v is NULL-terminated as soon as the list isn't empty; {0} is an empty one. */
struct strlist {
	char **v;
	size_t n, cap;
};

void strlist_push(struct strlist *l, const char *s);
void strlist_pushf(struct strlist *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void strlist_append(struct strlist *l, const struct strlist *more);
void strlist_sort(struct strlist *l);
/* The strings with sep between them; "" for an empty list. */
char *strlist_join(const struct strlist *l, const char *sep);
void strlist_free(struct strlist *l);

char *path_join(const char *dir, const char *name);
/* Made absolute by the current directory; doesn't look at the file system. */
char *path_absolute(const char *path);
char *path_dirname(const char *path);
const char *path_basename(const char *path);
bool file_exists(const char *path);
bool dir_exists(const char *path);
bool same_file(const char *a, const char *b);
/* The whole file and a NUL after it, *len without the NUL; NULL and errno. */
char *read_file(const char *path, size_t *len);

/*
 * Runs argv[0], searched in PATH, and waits. Its exit status, 128 + signal, or
 * 127 after a message if it can't be started.
 */
int run_wait(char *const argv[]);
/* As run_wait, but *out gets what it wrote to stdout, NUL-terminated. */
int run_capture(char *const argv[], char **out);
/*
 * Becomes argv[0]; with a temp_dir() alive, runs it and exits with its status
 * instead, so that the directory is removed.
 */
_Noreturn void run_exec(char *const argv[]);

/*
 * A private directory, the same one at each call, removed at exit and on
 * SIGHUP, SIGINT and SIGTERM.
 */
char *temp_dir(void);
/* Removes it at once, for a process that ends by a signal. */
void temp_dir_remove(void);

#endif
