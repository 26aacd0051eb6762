/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a provider in memory, by the layer's calls, against a folder of
 * the machine's by its own: the same random calls must have the same results.
 *
 * HALVM_MODEL_STEPS and HALVM_MODEL_SEED in the environment.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "check.h"
#include "provide_real.h"
#include "provide_wrapped.h"
#include "../provide/memory_files.h"

enum { FILES = 12, SIZE = 300 };

static char folder[64] = "/tmp/halvm-model-XXXXXX";
static uint64_t seed;
static int fds[FILES][2]; /* ours, the machine's; -1: none */
static char said[700];	  /* the last call, for messages */

static unsigned draw(unsigned n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % n;
}

/* A path in both trees; never above the root, as far as names tell. */
struct both {
	char path[2][256];
};

static struct both draw_path(void)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	unsigned n = 1 + draw(4), depth = 0;
	struct both b;
	char tail[64] = "";

	while (n--) {
		unsigned kind = draw(20);

		strcat(tail, draw(30) ? "/" : "//");
		if (kind == 0) {
			strcat(tail, ".");
		} else if (kind < 3 && depth) {
			strcat(tail, "..");
			depth--;
		} else {
			strcat(tail, names[draw(4)]);
			depth++;
		}
	}
	if (draw(25) == 0)
		strcat(tail, "/");
	snprintf(b.path[0], sizeof(b.path[0]), "/mem%s", tail);
	snprintf(b.path[1], sizeof(b.path[1]), "%s%s", folder, tail);
	return b;
}

static bool same(long ours, long theirs)
{
	if (ours == theirs)
		return true;
	check(false, "%s: %ld, the machine has %ld", said, ours, theirs);
	return false;
}

#define SAID(...) snprintf(said, sizeof(said), __VA_ARGS__)

static long machine(long nr, long a, long b, long c, long d)
{
	return host_call(nr, a, b, c, d, 0, 0);
}

static bool same_status(const struct stat *a, const struct stat *b)
{
	return same(a->st_mode, b->st_mode) &&
	       (S_ISDIR(a->st_mode) ||
		(same((long)a->st_nlink, (long)b->st_nlink) &&
		 same(a->st_size, b->st_size)));
}

static bool open_one(void)
{
	static const int more[] = {0,
				   O_CREAT,
				   O_CREAT | O_EXCL,
				   O_CREAT | O_TRUNC,
				   O_TRUNC,
				   O_APPEND | O_CREAT,
				   O_DIRECTORY,
				   O_NOFOLLOW,
				   O_NOFOLLOW | O_CREAT,
				   O_PATH,
				   O_PATH | O_DIRECTORY};
	struct both b = draw_path();
	unsigned k = draw(FILES);
	long flags = more[draw(11)], ours, theirs;

	if (flags != O_DIRECTORY && !(flags & O_PATH))
		flags |= draw(3);
	if (fds[k][0] >= 0)
		return true;
	SAID("open(%s, %#lo)", b.path[0], flags);
	ours = wrapped(openat, AT_FDCWD, (long)b.path[0], flags, 0600);
	theirs = machine(SYS_openat, AT_FDCWD, (long)b.path[1], flags, 0600);
	if (ours >= 0 && theirs >= 0) {
		fds[k][0] = (int)ours;
		fds[k][1] = (int)theirs;
		return true;
	}
	return same(ours, theirs);
}

static bool on_descriptor(unsigned kind)
{
	unsigned k = draw(FILES);
	long a = fds[k][0], b = fds[k][1], n = draw(SIZE), at = draw(1000), r;
	char x[SIZE] = "", y[SIZE] = "";
	struct stat s, t;

	if (a < 0)
		return true;
	memset(x, 'a' + (int)draw(26), sizeof(x));
	SAID("call %u of descriptor %u, %ld at %ld", kind, k, n, at);
	switch (kind) {
	case 0:
		memset(x, 0, sizeof(x));
		r = wrapped(read, a, (long)x, n);
		return same(r, machine(SYS_read, b, (long)y, n, 0)) &&
		       same(memcmp(x, y, sizeof(x)), 0);
	case 1:
		return same(wrapped(write, a, (long)x, n),
			    machine(SYS_write, b, (long)x, n, 0));
	case 2:
		memset(x, 0, sizeof(x));
		r = wrapped(pread64, a, (long)x, n, at);
		return same(r, machine(SYS_pread64, b, (long)y, n, at)) &&
		       same(memcmp(x, y, sizeof(x)), 0);
	case 3:
		return same(wrapped(pwrite64, a, (long)x, n, at),
			    machine(SYS_pwrite64, b, (long)x, n, at));
	case 4:
		r = draw(3);
		wrapped(fstat, a, (long)&s);
		if (S_ISDIR(s.st_mode))
			return true; /* file systems differ */
		at -= r ? 100 : 0;
		return same(wrapped(lseek, a, at, r),
			    machine(SYS_lseek, b, at, r, 0));
	case 5:
		return same(wrapped(ftruncate, a, at),
			    machine(SYS_ftruncate, b, at, 0, 0));
	case 6:
		return same(wrapped(fstat, a, (long)&s),
			    machine(SYS_fstat, b, (long)&t, 0, 0)) &&
		       same_status(&s, &t);
	case 7:
		return same(wrapped(fcntl, a, F_GETFL, 0) & ~O_LARGEFILE,
			    machine(SYS_fcntl, b, F_GETFL, 0, 0) &
				~O_LARGEFILE);
	}
	fds[k][0] = fds[k][1] = -1;
	return same(wrapped(close, a), machine(SYS_close, b, 0, 0, 0));
}

/* k becomes a duplicate of another. */
static bool duplicate(void)
{
	unsigned from = draw(FILES), to = draw(FILES);

	if (fds[from][0] < 0 || from == to)
		return true;
	SAID("dup of %u", from);
	if (fds[to][0] < 0) {
		fds[to][0] = (int)wrapped(dup, fds[from][0]);
		fds[to][1] = (int)machine(SYS_dup, fds[from][1], 0, 0, 0);
		return same(fds[to][0] >= 0, fds[to][1] >= 0);
	}
	return same(wrapped(dup2, fds[from][0], fds[to][0]), fds[to][0]) &&
	       same(machine(SYS_dup2, fds[from][1], fds[to][1], 0, 0),
		    fds[to][1]);
}

static bool on_path(unsigned kind)
{
	static const char *const links[] = {"a", "b/c", "./a/b", "d"};
	struct both b = draw_path();
	long p = (long)b.path[0], q = (long)b.path[1], size = draw(500), r;
	char x[64] = "", y[64] = "";
	struct stat s, t;

	SAID("call %u of %s", kind, b.path[0]);
	switch (kind) {
	case 0:
	case 1:
		return same(wrapped(mkdir, p, 0755),
			    machine(SYS_mkdir, q, 0755, 0, 0));
	case 2:
		return same(wrapped(rmdir, p), machine(SYS_rmdir, q, 0, 0, 0));
	case 3:
		return same(wrapped(unlink, p),
			    machine(SYS_unlink, q, 0, 0, 0));
	case 4:
		r = wrapped(stat, p, (long)&s);
		return same(r, machine(SYS_stat, q, (long)&t, 0, 0)) &&
		       (r || same_status(&s, &t));
	case 5:
		r = wrapped(lstat, p, (long)&s);
		return same(r, machine(SYS_lstat, q, (long)&t, 0, 0)) &&
		       (r || same_status(&s, &t));
	case 6:
		return same(wrapped(truncate, p, size),
			    machine(SYS_truncate, q, size, 0, 0));
	case 7:
		kind = draw(4);
		return same(wrapped(symlink, (long)links[kind], p),
			    machine(SYS_symlink, (long)links[kind], q, 0, 0));
	case 8:
		r = wrapped(readlink, p, (long)x, 60);
		return same(r, machine(SYS_readlink, q, (long)y, 60, 0)) &&
		       same(strcmp(x, y), 0);
	case 9:
		return same(wrapped(access, p, F_OK),
			    machine(SYS_access, q, F_OK, 0, 0));
	}
	return same(wrapped(chmod, p, 0700 + (size & 077)),
		    machine(SYS_chmod, q, 0700 + (size & 077), 0, 0));
}

/* Which of two paths is complained of first is the file system's affair. */
static bool same_two(long ours, long theirs)
{
	return (ours < 0 && theirs < 0) || same(ours, theirs);
}

static bool on_two(unsigned kind)
{
	struct both a = draw_path(), b = draw_path();

	SAID("call %u of %s and %s", kind, a.path[0], b.path[0]);
	if (kind == 0)
		return same_two(
		    wrapped(link, (long)a.path[0], (long)b.path[0]),
		    machine(SYS_link, (long)a.path[1], (long)b.path[1], 0, 0));
	return same_two(
	    wrapped(rename, (long)a.path[0], (long)b.path[0]),
	    machine(SYS_rename, (long)a.path[1], (long)b.path[1], 0, 0));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Sorted names of a folder, in one string. */
static void list(bool ours, const char *path, char *to)
{
	char names[16][8], buffer[128];
	long fd, n, count = 0;

	*to = 0;
	fd = ours ? wrapped(open, (long)path, O_RDONLY, 0)
		  : machine(SYS_open, (long)path, O_RDONLY, 0, 0);
	while (fd >= 0 &&
	       (n = ours ? wrapped(getdents64, fd, (long)buffer, sizeof(buffer))
			 : machine(SYS_getdents64, fd, (long)buffer,
				   sizeof(buffer), 0)) > 0) {
		for (long i = 0; i < n && count < 16;
		     i += *(uint16_t *)(buffer + i + 16))
			strcpy(names[count++], buffer + i + 19);
	}
	if (fd >= 0)
		ours ? wrapped(close, fd) : machine(SYS_close, fd, 0, 0, 0);
	qsort(names, (size_t)count, sizeof(names[0]), by_name);
	for (long i = 0; i < count; i++)
		strcat(strcat(to, names[i]), " ");
}

static bool lists(void)
{
	struct both b = draw_path();
	char x[200], y[200];
	struct stat s;

	if (wrapped(stat, (long)b.path[0], (long)&s) || !S_ISDIR(s.st_mode))
		return true;
	list(true, b.path[0], x);
	list(false, b.path[1], y);
	SAID("list of %s: %s and %s", b.path[0], x, y);
	return same(strcmp(x, y), 0);
}

static bool step(void)
{
	switch (draw(10)) {
	case 0:
		return open_one();
	case 1:
		return on_two(draw(3));
	case 2:
		return lists();
	case 3:
		return duplicate();
	case 4:
	case 5:
	case 6:
		return on_descriptor(draw(12));
	}
	return on_path(draw(12));
}

static unsigned long number(const char *name, unsigned long by_default)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 0) : by_default;
}

int main(void)
{
	struct halvm_files_provider table = memory_files("/mem");
	unsigned long steps = number("HALVM_MODEL_STEPS", 60000), i;
	char command[100];

	seed = number("HALVM_MODEL_SEED", 1);
	check(halvm_provide_files(&table) == 0, "a provider");
	if (!mkdtemp(folder) || chmod(folder, 0755))
		return 1;
	for (i = 0; i < FILES; i++)
		fds[i][0] = fds[i][1] = -1;
	for (i = 0; i < steps && step(); i++)
		;
	check(i == steps, "%lu calls as the machine's own", steps);
	for (i = 0; i < FILES; i++)
		if (fds[i][0] >= 0)
			wrapped(close, fds[i][0]);
	check(memory_files_open == 0, "the provider's are closed");
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command))
		return 1;
	return check_done();
}
