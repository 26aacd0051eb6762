/* SPDX-License-Identifier: BSD-3-Clause */
/* Directories as archives: see cpio.h. */
#include "config.h"
#include "cpio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "epoch.h"
#include "mapfile.h"
#include "util.h"

/* Deeper trees are circles of mounts. */
enum { DEPTH_MAX = 256, CHUNK = 64 * 1024 };

struct tree {
	struct cpio *c;
	bool fixed_time;
	uint32_t time;
	struct stat out; /* the archive's own file */
	bool out_known;
	const char *const *without; /* names at the top; NULL: none */
};

static _Noreturn void cannot_read(const char *path)
{
	die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
}

static uint32_t file_time(const struct tree *t, const struct stat *st)
{
	if (t->fixed_time)
		return t->time;
	if (st->st_mtime < 0)
		return 0;
	return st->st_mtime > (time_t)UINT32_MAX ? UINT32_MAX
						 : (uint32_t)st->st_mtime;
}

static void add_file(struct tree *t, struct cpio_entry *e, const char *path)
{
	static char buf[CHUNK];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	uint64_t left;

	if (fd < 0 || fstat(fd, &st) < 0)
		cannot_read(path);
	if ((uint64_t)st.st_size > UINT32_MAX)
		die(EXIT_FAILED,
		    "'%s' is too long for an archive, which takes files of "
		    "less than 4 GiB",
		    path);
	e->size = (uint32_t)st.st_size;
	cpio_begin(t->c, e);
	for (left = e->size; left > 0;) {
		ssize_t got = read(fd, buf, left < CHUNK ? left : CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			cannot_read(path);
		if (got == 0)
			die(EXIT_FAILED,
			    "'%s' became shorter while it was "
			    "read",
			    path);
		cpio_data(t->c, buf, (size_t)got);
		left -= (size_t)got;
	}
	cpio_end(t->c);
	close(fd);
}

static void add_link(struct tree *t, struct cpio_entry *e, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		cannot_read(path);
	e->size = (uint32_t)n;
	cpio_begin(t->c, e);
	cpio_data(t->c, target, (size_t)n);
	cpio_end(t->c);
}

static void add_dir(struct tree *t, const char *dir, const char *name,
		    int depth);

static void add(struct tree *t, const char *path, const char *name, int depth)
{
	struct stat st;
	struct cpio_entry e = {.name = name};

	if (lstat(path, &st) < 0)
		cannot_read(path);
	if (t->out_known && st.st_dev == t->out.st_dev &&
	    st.st_ino == t->out.st_ino)
		return;
	e.mode = (uint32_t)st.st_mode;
	e.mtime = file_time(t, &st);
	if (S_ISREG(st.st_mode)) {
		add_file(t, &e, path);
	} else if (S_ISLNK(st.st_mode)) {
		add_link(t, &e, path);
	} else if (S_ISDIR(st.st_mode)) {
		cpio_begin(t->c, &e);
		cpio_end(t->c);
		add_dir(t, path, name, depth + 1);
	} else {
		warn("'%s' is left out: it is neither a file, a directory nor "
		     "a link",
		     path);
	}
}

static bool left_out(const struct tree *t, const char *name, int depth)
{
	for (size_t i = 0; depth == 0 && t->without && t->without[i]; i++)
		if (strcmp(t->without[i], name) == 0)
			return true;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void add_dir(struct tree *t, const char *dir, const char *name,
		    int depth)
{
	struct strlist names = {0};
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d)
		cannot_read(dir);
	if (depth > DEPTH_MAX)
		die(EXIT_FAILED, "'%s': folders nest too deep", dir);
	while (errno = 0, (entry = readdir(d)))
		if (!left_out(t, entry->d_name, depth))
			strlist_push(&names, entry->d_name);
	if (errno)
		cannot_read(dir);
	closedir(d);
	strlist_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		char *path = path_join(dir, names.v[i]);
		char *inside = path_join(name, names.v[i]);
		add(t, path, inside, depth);
		free(path);
		free(inside);
	}
	strlist_free(&names);
}

void cpio_tree_without(struct cpio *c, const char *dir,
		       const char *const names[])
{
	struct tree t = {.c = c, .without = names};
	int fd = fileno(c->out);

	t.fixed_time = source_date_epoch(&t.time);
	t.out_known = fd >= 0 && fstat(fd, &t.out) == 0;
	add_dir(&t, dir, "", 0);
	cpio_finish(c);
}

void cpio_tree(struct cpio *c, const char *dir)
{
	cpio_tree_without(c, dir, NULL);
}

void cpio_from(struct cpio *c, const char *path)
{
	struct mapfile f;
	const char *error;
	size_t files;

	if (dir_exists(path)) {
		cpio_tree(c, path);
		return;
	}
	if (!mapfile_open(&f, path))
		cannot_read(path);
	error = cpio_check(f.data, f.len, &files);
	if (error)
		die(EXIT_FAILED,
		    "'%s' is neither a directory nor a good archive: %s", path,
		    error);
	cpio_data(c, f.data, f.len);
	mapfile_close(&f);
}
