/* SPDX-License-Identifier: BSD-3-Clause */
/* The test bed's folders, locks and slots: see bed.h. */
#include "config.h"
#include "bed.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bed_parts.h"
#include "util.h"

/* The longest name of a socket in the folder. */
#define LONGEST_SOCKET "/control.sock"

void bed_say(const struct bed *b, const char *fmt, ...)
{
	va_list ap;

	if (!b->verbose)
		return;
	fprintf(stderr, "%s: ", halvm_progname());
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void make_folder(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return;
	die(EXIT_FAILED,
	    "can't make '%s' for the Xen test bed: %s; set XDG_CACHE_HOME to "
	    "a folder that can be written to",
	    path, strerror(errno));
}

/* $XDG_CACHE_HOME/halvm/xen-bed, made with what is above it. */
static char *cache_folder(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path;

	/* The specification has relative paths ignored. */
	if (xdg && *xdg == '/')
		path = path_join(xdg, "halvm/xen-bed");
	else if (home && *home == '/')
		path = path_join(home, ".cache/halvm/xen-bed");
	else
		die(EXIT_FAILED,
		    "there is no place for the Xen test bed: neither "
		    "XDG_CACHE_HOME nor HOME is set");
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		make_folder(path, 0777);
		*p = '/';
	}
	make_folder(path, 0777);
	return path;
}

size_t bed_names(const char *names[BED_NAMES])
{
	const char *name = getenv("HALVM_BED");

	names[0] = "";
	names[1] = "2";
	if (!name || !*name)
		return sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
	if (strlen(name) > 32 ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
		die(EXIT_USAGE,
		    "HALVM_BED names a test bed by at most 32 of a-z, 0-9, _ "
		    "and -, not by '%s'",
		    name);
	names[0] = name;
	return 1;
}

/*
 * The folder by a name that fits an address: itself, or a link in /tmp, which
 * is used only if it leads where ours must.
 */
static char *short_path(const char *run)
{
	struct sockaddr_un address;
	char target[sizeof(address.sun_path) * 64];
	char *link;
	ssize_t n;

	if (strlen(run) + sizeof(LONGEST_SOCKET) <= sizeof(address.sun_path))
		return xstrdup(run);
	link = xasprintf(
	    "/tmp/halvm-bed-%lu-%016llx", (unsigned long)getuid(),
	    (unsigned long long)hash_bytes(HASH_START, run, strlen(run)));
	if (symlink(run, link) < 0 && errno != EEXIST)
		die(EXIT_FAILED,
		    "the path '%s' is too long for sockets, and a short link "
		    "to it can't be made: %s",
		    run, strerror(errno));
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0 || (size_t)n != strlen(run) || memcmp(target, run, n) != 0)
		die(EXIT_FAILED,
		    "'%s' should be a link to '%s', and isn't; remove it, or "
		    "set XDG_CACHE_HOME to a shorter path",
		    link, run);
	return link;
}

void bed_open(struct bed *b, const struct install *in, const char *name,
	      bool verbose)
{
	b->name = xstrdup(name);
	b->verbose = verbose;
	b->tell_absent = false;
	b->scripts = path_join(in->libdir, "targets/xen/bed");
	b->cache = cache_folder();
	b->run =
	    xasprintf("%s/run%s%s", b->cache, *b->name ? "-" : "", b->name);
	make_folder(b->run, 0700);
	b->sockets = short_path(b->run);
}

void bed_free(struct bed *b)
{
	free(b->name);
	free(b->scripts);
	free(b->cache);
	free(b->run);
	free(b->sockets);
	*b = (struct bed){0};
}

int bed_lock_file(const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		die(EXIT_FAILED, "can't open '%s': %s", path, strerror(errno));
	free(path);
	return fd;
}

void bed_lock(int fd, const char *what)
{
	int rc = flock(fd, LOCK_EX | LOCK_NB);

	if (rc < 0 && errno == EWOULDBLOCK && what)
		fprintf(stderr, "%s: waiting for another process: %s\n",
			halvm_progname(), what);
	while (rc < 0 && (errno == EWOULDBLOCK || errno == EINTR))
		rc = flock(fd, LOCK_EX);
	if (rc < 0)
		die(EXIT_FAILED, "flock: %s", strerror(errno));
}

void bed_remove_folder(const char *dir)
{
	DIR *d = opendir(dir);

	for (struct dirent *e; d && (e = readdir(d));)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(dir);
}

uint64_t hash_bytes(uint64_t hash, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (; n; n--)
		hash = (hash ^ *s++) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t hash_stat(uint64_t hash, const char *path)
{
	struct stat st;

	hash = hash_bytes(hash, path, strlen(path) + 1);
	if (stat(path, &st) < 0)
		return hash;
	hash = hash_bytes(hash, &st.st_size, sizeof(st.st_size));
	return hash_bytes(hash, &st.st_mtim, sizeof(st.st_mtim));
}

bool bed_alive(const struct bed *b, bool *ready)
{
	int fd = bed_lock_file(b->run, "alive");
	bool alive = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	char *path = path_join(b->run, "ready");

	*ready = alive && file_exists(path);
	free(path);
	close(fd);
	return alive;
}

/* The process that holds `alive`, as QEMU wrote it; 0 if it didn't yet. */
static pid_t qemu_pid(const struct bed *b)
{
	char *path = path_join(b->run, "pid");
	size_t len;
	char *text = read_file(path, &len);
	long pid = text ? strtol(text, NULL, 10) : 0;

	free(text);
	free(path);
	return pid > 1 ? (pid_t)pid : 0;
}

bool bed_stop(const struct bed *b)
{
	bool ready;

	if (!bed_alive(b, &ready))
		return false;
	/* The number is QEMU's as long as the lock is held. */
	for (int i = 0; i < 1000 && bed_alive(b, &ready); i++) {
		pid_t pid = qemu_pid(b);
		if (pid && i % 200 == 0)
			kill(pid, i < 200 ? SIGTERM : SIGKILL);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	if (bed_alive(b, &ready))
		die(EXIT_FAILED,
		    "the test bed in '%s' doesn't end; end QEMU, whose number "
		    "is in the file 'pid' there, by hand",
		    b->run);
	return true;
}

/* Whether nobody had the slot; *lock is then its lock, ours. */
static bool take_slot(const struct bed *b, int slot, int *lock)
{
	char name[32];

	snprintf(name, sizeof(name), "slot%d.lock", slot);
	*lock = bed_lock_file(b->run, name);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(*lock);
	return false;
}

/* The first slot of each bed before the second of any. */
static int take_any(const struct bed *beds, size_t n, size_t *bed, int *lock)
{
	for (int slot = 0; slot < BED_SLOTS; slot++) {
		for (*bed = 0; *bed < n; ++*bed) {
			if (take_slot(&beds[*bed], slot, lock))
				return slot;
		}
	}
	return -1;
}

char *bed_slot(const struct install *in, bool verbose, int *lock)
{
	const char *names[BED_NAMES];
	struct bed beds[BED_NAMES];
	size_t n = bed_names(names), bed;
	char *path;
	int slot;

	for (size_t i = 0; i < n; i++)
		bed_open(&beds[i], in, names[i], verbose);
	while ((slot = take_any(beds, n, &bed, lock)) < 0)
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	bed_ensure(&beds[bed], in);
	path = xasprintf("%s/slot%d.sock", beds[bed].sockets, slot);
	for (size_t i = 0; i < n; i++)
		bed_free(&beds[i]);
	return path;
}
