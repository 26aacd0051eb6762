/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The output of a link appears whole or not at all: lld writes a temporary
 * beside it, which is renamed at the end and removed on failure and on
 * SIGHUP, SIGINT and SIGTERM. A device or pipe is written directly.
 */
#include "link.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
static struct sigaction before[ARRAY_SIZE(signals)];
static const char *volatile pending;

static void remove_pending(void)
{
	if (pending)
		unlink(pending);
}

/*
 * The handler of temp_dir() ends lld first; the signal that it raises for the
 * default action is blocked until we return.
 */
static void on_signal(int sig)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++)
		if (signals[i] == sig)
			before[i].sa_handler(sig);
	remove_pending();
}

static void guard(void)
{
	static bool registered;
	struct sigaction sa = {.sa_handler = on_signal};
	size_t i;

	if (!registered)
		atexit(remove_pending);
	registered = true;
	temp_dir(); /* its handler first */
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&sa.sa_mask, signals[i]);
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		/* Ignored (nohup) stays ignored. */
		if (before[i].sa_handler != SIG_IGN &&
		    before[i].sa_handler != SIG_DFL)
			sigaction(signals[i], &sa, NULL);
	}
}

static void unguard(void)
{
	size_t i;

	pending = NULL;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
}

void link_output_begin(struct link_output *o, const char *path)
{
	struct stat st;
	char *dir;
	int fd;

	o->path = xstrdup(path);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		if (S_ISDIR(st.st_mode))
			die(EXIT_FAILED, "can't write '%s': it is a directory",
			    path);
		o->temp = xstrdup(path);
		return;
	}
	/* Not PATH and more: that may be too long for a name. */
	dir = path_dirname(path);
	o->temp = path_join(dir, ".halvm-ld-XXXXXX");
	free(dir);
	guard();
	fd = mkstemp(o->temp);
	if (fd < 0)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	pending = o->temp;
	close(fd);
}

static mode_t final_mode(const char *path, bool executable)
{
	mode_t mask = umask(0), mode;
	struct stat st;

	umask(mask);
	mode = (executable ? 0777 : 0666) & ~mask;
	if (stat(path, &st) == 0)
		mode |= st.st_mode & 0777;
	return mode;
}

void link_output_commit(struct link_output *o, bool executable)
{
	if (pending) {
		if (chmod(o->temp, final_mode(o->path, executable)) < 0 ||
		    rename(o->temp, o->path) < 0) {
			int error = errno;

			link_output_abort(o);
			die(EXIT_FAILED, "can't write '%s': %s", o->path,
			    strerror(error));
		}
		unguard();
	}
	free(o->path);
	free(o->temp);
}

void link_output_abort(struct link_output *o)
{
	if (pending) {
		unlink(o->temp);
		unguard();
	}
}
