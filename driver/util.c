/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages, memory, lists of strings, paths and files: see util.h. */
#include "config.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *progname = "halvm";

void halvm_set_progname(const char *argv0)
{
	if (argv0 && *path_basename(argv0))
		progname = path_basename(argv0);
}

const char *halvm_progname(void)
{
	return progname;
}

/* One write a message, so that lines of parallel jobs don't mix. */
static void message(const char *kind, const char *fmt, va_list ap)
{
	char *text = NULL;
	fflush(stdout);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	fprintf(stderr, "%s: %s: %s\n", progname, kind, text ? text : fmt);
	free(text);
}

void die(int status, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	message("error", fmt, ap);
	va_end(ap);
	exit(status);
}

void warn(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	message("warning", fmt, ap);
	va_end(ap);
}

void finish(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die(EXIT_FAILED, "can't write to standard output: %s",
		    strerror(errno));
	exit(status);
}

static void *checked(void *p)
{
	if (!p)
		die(EXIT_FAILED, "out of memory");
	return p;
}

void *xmalloc(size_t n)
{
	return checked(malloc(n ? n : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t n)
{
	return checked(realloc(p, n ? n : 1));
}

char *xstrdup(const char *s)
{
	return checked(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return checked(strndup(s, n));
}

char *xasprintf(const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return checked(s);
}

bool str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);
	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

static void strlist_take(struct strlist *l, char *s)
{
	if (l->n + 1 >= l->cap) {
		l->cap = l->cap ? 2 * l->cap : 16;
		l->v = xrealloc(l->v, l->cap * sizeof(l->v[0]));
	}
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void strlist_push(struct strlist *l, const char *s)
{
	strlist_take(l, xstrdup(s));
}

void strlist_pushf(struct strlist *l, const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	strlist_take(l, checked(s));
}

void strlist_append(struct strlist *l, const struct strlist *more)
{
	for (size_t i = 0; i < more->n; i++)
		strlist_push(l, more->v[i]);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(l->v[0]), compare_strings);
}

char *strlist_join(const struct strlist *l, const char *sep)
{
	size_t size = 1, at = 0;
	for (size_t i = 0; i < l->n; i++)
		size += strlen(l->v[i]) + strlen(sep);
	char *s = xmalloc(size);
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			at = (size_t)(stpcpy(s + at, sep) - s);
		at = (size_t)(stpcpy(s + at, l->v[i]) - s);
	}
	s[at] = '\0';
	return s;
}

void strlist_free(struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct strlist){0};
}

char *path_join(const char *dir, const char *name)
{
	const char *sep = *dir && !str_ends(dir, "/") ? "/" : "";
	return xasprintf("%s%s%s", dir, sep, name);
}

char *path_absolute(const char *path)
{
	if (path[0] == '/')
		return xstrdup(path);
	char *cwd = getcwd(NULL, 0);
	if (!cwd)
		die(EXIT_FAILED, "can't tell the current directory: %s",
		    strerror(errno));
	char *s = path_join(cwd, path);
	free(cwd);
	return s;
}

char *path_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_basename(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool file_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

bool dir_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;
	return stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Reads to the end rather than st_size bytes: pipes and /proc have no size. */
static char *read_all(int fd, size_t *len)
{
	struct stat st;
	size_t cap = 4096, n = 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uintmax_t)st.st_size < SIZE_MAX / 2)
		cap = (size_t)st.st_size + 2;
	char *buf = xmalloc(cap);
	for (;;) {
		ssize_t got = read(fd, buf + n, cap - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(buf);
			return NULL;
		}
		n += (size_t)got;
		if (got == 0)
			break;
		if (cap - n < 2) {
			cap *= 2;
			buf = xrealloc(buf, cap);
		}
	}
	buf[n] = '\0';
	*len = n;
	return buf;
}

char *read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	char *buf = read_all(fd, len);
	int error = errno;
	close(fd);
	errno = error;
	return buf;
}
