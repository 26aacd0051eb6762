/* SPDX-License-Identifier: BSD-3-Clause */
/* Making the test bed's dom0, once: see bed.h. */
#include "config.h"
#include "bed.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bed_parts.h"
#include "util.h"

/* Days after which a dom0 that nobody started is removed by another's making.
 */
enum { KEEP_DAYS = 30 };

static uint64_t hash_file(uint64_t hash, const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	size_t len;
	char *text = read_file(path, &len);

	if (!text)
		die(EXIT_FAILED,
		    "can't read '%s': %s; this installation of HaLVM lacks "
		    "the Xen test bed",
		    path, strerror(errno));
	hash = hash_bytes(hash, text, len);
	free(text);
	free(path);
	return hash;
}

/* The .deb files that the user has given, by name, size and time. */
static uint64_t hash_packages(uint64_t hash, const char *dir)
{
	struct strlist names = {0};
	DIR *d = opendir(dir);

	if (!d)
		die(EXIT_FAILED,
		    "HALVM_XEN_PACKAGES names '%s', which can't be read: %s",
		    dir, strerror(errno));
	for (struct dirent *e; (e = readdir(d));) {
		if (str_ends(e->d_name, ".deb"))
			strlist_pushf(&names, "%s/%s", dir, e->d_name);
	}
	closedir(d);
	strlist_sort(&names);
	for (size_t i = 0; i < names.n; i++)
		hash = hash_stat(hash, names.v[i]);
	strlist_free(&names);
	return hash;
}

/* Where apt's candidates change, the old dom0 is as good: see --anew. */
static char *dom0_folder(const struct bed *b)
{
	const char *packages = getenv("HALVM_XEN_PACKAGES");
	uint64_t hash = HASH_START;

	hash = hash_file(hash, b->scripts, "make-dom0");
	hash = hash_file(hash, b->scripts, "dom0-init");
	hash = hash_file(hash, b->scripts, "packages");
	if (packages && *packages)
		hash = hash_packages(hash, packages);
	return xasprintf("%s/dom0-%016llx", b->cache, (unsigned long long)hash);
}

/* What was not used for long, and what a making left that was killed. */
static void remove_old(const struct bed *b)
{
	DIR *d = opendir(b->cache);
	struct stat st;

	for (struct dirent *e; d && (e = readdir(d));) {
		char *path = path_join(b->cache, e->d_name);
		bool old = str_starts(e->d_name, "dom0-") &&
			   stat(path, &st) == 0 &&
			   st.st_mtime + KEEP_DAYS * 86400L < time(NULL);

		if (str_starts(e->d_name, "new-")) {
			char *argv[] = {"rm", "-rf", "--", path, NULL};
			run_wait(argv);
		} else if (old) {
			bed_remove_folder(path);
		}
		free(path);
	}
	if (d)
		closedir(d);
}

static void make_dom0(const struct bed *b, const char *dir)
{
	char *script = path_join(b->scripts, "make-dom0");
	char *new = path_join(b->cache, "new-XXXXXX");
	char *argv[] = {"sh", script, new, NULL};
	int status;

	remove_old(b);
	if (!mkdtemp(new))
		die(EXIT_FAILED, "can't make a folder in '%s': %s", b->cache,
		    strerror(errno));
	fprintf(stderr,
		"%s: preparing the Xen test bed, once, from Debian's packages "
		"(80 MB)\n",
		halvm_progname());
	status = run_wait(argv);
	if (status != 0) {
		char *clean[] = {"rm", "-rf", "--", new, NULL};
		run_wait(clean);
		die(status == BED_ABSENT && b->tell_absent ? BED_ABSENT
							   : EXIT_FAILED,
		    "the Xen test bed can't be prepared; what fails is said "
		    "above");
	}
	bed_remove_folder(dir);
	if (rename(new, dir) < 0)
		die(EXIT_FAILED, "can't rename '%s' to '%s': %s", new, dir,
		    strerror(errno));
	free(new);
	free(script);
}

char *bed_prepare(const struct bed *b, bool anew)
{
	char *dir = dom0_folder(b);

	if (anew || !dir_exists(dir)) {
		int lock = bed_lock_file(b->cache, "lock");

		bed_lock(lock, "it prepares the Xen test bed");
		if (anew || !dir_exists(dir))
			make_dom0(b, dir);
		close(lock);
	}
	/* The folder's time is that of its last use: see remove_old. */
	utimensat(AT_FDCWD, dir, NULL, 0);
	return dir;
}
