/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file system (runtime/io/vfs*.c, ramfs*.c, runtime/sys) against the one
 * of the machine that runs this test: the same calls on both, in a directory
 * of their own, must give the same results.
 */
#include "check.h"
#include <errno.h>
#include <sys/syscall.h>
#include "core/pages.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/dirent.h"
#include "halvm/abi/stat.h"
#include "halvm/syscalls.h"
#include "host.h"
#include "io/file.h"
#include "io/memfd.h"
#include "io/vfs.h"
#include "random.h"

#define ARENA (64UL << 20)
#define FILES 8
#define BUF 20000

static int fds[FILES][2]; /* the host's and ours, -1 */
static char host_buf[BUF], our_buf[BUF], data[BUF];

/* Both results of one call; the host's as the kernel gives it. */
struct both {
	long host, ours;
};

static long host_result(long r)
{
	return r == -1 ? -errno : r;
}

#define BOTH(name, ...)                                                        \
	((struct both){host_result(syscall(SYS_##name, __VA_ARGS__)),          \
		       halvm_syscall_##name(__VA_ARGS__)})
/* The same with a descriptor of each first. */
#define BOTH_FD(name, fd, ...)                                                 \
	((struct both){                                                        \
	    host_result(syscall(SYS_##name, (long)(fd)[0], __VA_ARGS__)),      \
	    halvm_syscall_##name((fd)[1], __VA_ARGS__)})

#define L(p) ((long)(p))

static unsigned wrong;

static void same(struct both r, const char *what, const char *detail)
{
	if (r.host == r.ours)
		return;
	if (wrong++ < 20)
		printf("# %s %s: %ld, ours %ld\n", what, detail, r.host,
		       r.ours);
}

/* --- stat ----------------------------------------------------------------- */

static bool same_stat(const struct abi_stat *a, const struct abi_stat *b)
{
	/* Sizes of directories and of holes are the file system's own. */
	return a->mode == b->mode && a->nlink == b->nlink &&
	       a->rdev == b->rdev && (a->size == b->size || S_ISDIR(a->mode));
}

static void compare_stat(const char *path, int flags)
{
	struct abi_stat a, b;
	struct both r = {
	    host_result(syscall(SYS_newfstatat, AT_FDCWD, path, &a, flags)),
	    halvm_syscall_newfstatat(AT_FDCWD, L(path), L(&b), flags)};

	same(r, "stat", path);
	if (r.host == 0 && r.ours == 0 && !same_stat(&a, &b) && wrong++ < 20)
		printf("# %s: mode %o %o links %lu %lu size %ld %ld\n", path,
		       a.mode, b.mode, a.nlink, b.nlink, a.size, b.size);
}

/* --- names and paths ------------------------------------------------------ */

static const char *const parts[] = {"a", "b",  "c",    "d", "e",
				    "f", "ln", "lnk2", ".", ".."};
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* Never above the directory the test runs in. */
static const char *random_path(char *buf)
{
	unsigned n = random_below(4) ? 1 + random_below(2) : random_below(5);
	int depth = 0;

	*buf = '\0';
	for (unsigned i = 0; i < n; i++) {
		const char *part =
		    parts[random_below(random_below(5) ? 6 : COUNT(parts))];

		if (strcmp(part, "..") == 0 && --depth < 0)
			break;
		if (strcmp(part, "..") && strcmp(part, "."))
			depth++;
		/* A link may lead up: not through it. */
		if (part[0] == 'l')
			depth = -9;
		if (i)
			strcat(buf, "/");
		strcat(buf, part);
	}
	if (*buf && random_below(8) == 0)
		strcat(buf, "/");
	return buf;
}

/* Of links: no "..", so that they stay inside. */
static const char *random_target(char *buf)
{
	do
		random_path(buf);
	while (!*buf || strstr(buf, ".."));
	return buf;
}

static void random_times(const char *path)
{
	struct abi_timespec64 t[2] = {{random_below(1 << 30), 5},
				      {random_below(1 << 30), 999999999}};
	long flags = random_below(2) ? AT_SYMLINK_NOFOLLOW : 0;
	struct abi_stat a = {0}, b = {0};

	if (random_below(3) == 0)
		t[random_below(2)].nsec = UTIME_OMIT;
	same(BOTH(utimensat, AT_FDCWD, L(path), L(t), flags), "utimensat",
	     path);
	syscall(SYS_newfstatat, AT_FDCWD, path, &a, flags);
	halvm_syscall_newfstatat(AT_FDCWD, L(path), L(&b), flags);
	if (((t[0].nsec != UTIME_OMIT && a.atime.sec != b.atime.sec) ||
	     (t[1].nsec != UTIME_OMIT && a.mtime.nsec != b.mtime.nsec)) &&
	    wrong++ < 20)
		printf("# times of %s differ\n", path);
}

static void random_name_call(void)
{
	char x[64], y[64];
	const char *a = random_path(x), *b = random_path(y);
	long flags;

	switch (random_below(12)) {
	case 10:
		flags = random_below(150000);
		same(BOTH(truncate, L(a), flags), "truncate", a);
		break;
	case 11:
		random_times(a);
		break;
	case 0:
		same(BOTH(mkdirat, AT_FDCWD, L(a), 0755), "mkdir", a);
		break;
	case 1:
		same(BOTH(unlinkat, AT_FDCWD, L(a), 0), "unlink", a);
		break;
	case 2:
		same(BOTH(unlinkat, AT_FDCWD, L(a), AT_REMOVEDIR), "rmdir", a);
		break;
	case 3:
	case 4:
		flags = random_below(3) ? 0 : 1 + random_below(2);
		same(BOTH(renameat2, AT_FDCWD, L(a), AT_FDCWD, L(b), flags),
		     "rename", strcat(strcat(x, " "), y));
		break;
	case 5:
		flags = random_below(2) ? AT_SYMLINK_FOLLOW : 0;
		same(BOTH(linkat, AT_FDCWD, L(a), AT_FDCWD, L(b), flags),
		     "link", strcat(strcat(x, " "), y));
		break;
	case 6:
		random_target(x);
		same(BOTH(symlinkat, L(x), AT_FDCWD, L(b)), "symlink",
		     strcat(strcat(x, " "), y));
		break;
	case 7:
		compare_stat(a, random_below(2) ? AT_SYMLINK_NOFOLLOW : 0);
		break;
	case 8:
		flags = random_below(07777) |
			0700; /* who runs this may not be root */
		same(BOTH(fchmodat, AT_FDCWD, L(a), flags), "chmod", a);
		break;
	case 9:
		memset(host_buf, 0, 100);
		memset(our_buf, 0, 100);
		same((struct both){host_result(syscall(SYS_readlinkat, AT_FDCWD,
						       a, host_buf, 100)),
				   halvm_syscall_readlinkat(AT_FDCWD, L(a),
							    L(our_buf), 100)},
		     "readlink", a);
		if (memcmp(host_buf, our_buf, 100) && wrong++ < 20)
			printf("# readlink %s differs\n", a);
		break;
	}
}

/* --- open files ----------------------------------------------------------- */

static void close_slot(int *fd)
{
	if (fd[0] >= 0)
		syscall(SYS_close, fd[0]);
	if (fd[1] >= 0)
		halvm_syscall_close(fd[1]);
	fd[0] = fd[1] = -1;
}

static void random_open(int *fd)
{
	static const long flags[] = {O_RDONLY,
				     O_RDWR,
				     O_WRONLY | O_APPEND,
				     O_RDWR | O_CREAT,
				     O_RDWR | O_CREAT,
				     O_RDWR | O_CREAT | O_EXCL,
				     O_RDWR | O_TRUNC,
				     O_RDONLY | O_DIRECTORY,
				     O_RDONLY | O_NOFOLLOW,
				     O_PATH,
				     O_PATH | O_NOFOLLOW,
				     O_RDWR | O_TMPFILE,
				     O_RDWR | O_CREAT | O_NOFOLLOW};
	long how = flags[random_below(COUNT(flags))];
	char x[64];
	const char *path = random_path(x);
	struct both r;

	close_slot(fd);
	r = BOTH(openat, AT_FDCWD, L(path), how, 0644);
	fd[0] = (int)r.host;
	fd[1] = (int)r.ours;
	if ((r.host < 0) != (r.ours < 0) || r.host < 0)
		same(r, "open", path);
	if (r.host < 0 || r.ours < 0)
		close_slot(fd);
}

static int64_t random_offset(void)
{
	switch (random_below(4)) {
	case 0:
		return random_below(20) * 4096;
	case 1:
		return random_below(1 << 30) * 4096L + random_below(3);
	}
	return random_below(50000);
}

static void random_io(const int *fd)
{
	long n = random_below(4) ? random_below(300) : random_below(BUF);
	long at = random_offset();
	struct both r;

	switch (random_below(3)) {
	case 0:
		for (long i = 0; i < n; i++)
			data[i] = (char)random_next();
		same(BOTH_FD(write, fd, L(data), n), "write", "");
		return;
	case 1:
		for (long i = 0; i < n; i++)
			data[i] = (char)random_next();
		same(BOTH_FD(pwrite64, fd, L(data), n, at), "pwrite", "");
		return;
	}
	if (random_below(2))
		r = (struct both){
		    host_result(syscall(SYS_read, fd[0], host_buf, n)),
		    halvm_syscall_read(fd[1], L(our_buf), n)};
	else
		r = (struct both){
		    host_result(syscall(SYS_pread64, fd[0], host_buf, n, at)),
		    halvm_syscall_pread64(fd[1], L(our_buf), n, at)};
	same(r, "read", "");
	if (r.host > 0 && memcmp(host_buf, our_buf, (size_t)r.host) &&
	    wrong++ < 20)
		printf("# data differ\n");
}

static void random_file_call(int *fd)
{
	unsigned call = random_below(8);
	long at = random_offset(), size = 1 + random_below(30000), whence;
	static const long how[] = {
	    0, FALLOC_FL_KEEP_SIZE, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE,
	    FALLOC_FL_ZERO_RANGE, FALLOC_FL_KEEP_SIZE | FALLOC_FL_ZERO_RANGE};
	struct abi_stat a, b;
	struct both r;

	if (fd[0] < 0 || random_below(12) == 0) {
		random_open(fd);
		return;
	}
	/* Places in directories are the file system's own. */
	if (syscall(SYS_fstat, fd[0], &a) == 0 && S_ISDIR(a.mode))
		call = 3;
	switch (call) {
	case 0:
		at = random_below(200000);
		same(BOTH_FD(ftruncate, fd, at), "ftruncate", "");
		break;
	case 1:
		whence = random_below(3);
		same(BOTH_FD(lseek, fd, at, whence), "lseek", "");
		break;
	case 2:
		at = random_below(100000);
		whence = how[random_below(COUNT(how))];
		same(BOTH_FD(fallocate, fd, whence, at, size), "fallocate", "");
		break;
	case 3:
		r = (struct both){host_result(syscall(SYS_fstat, fd[0], &a)),
				  halvm_syscall_fstat(fd[1], L(&b))};
		same(r, "fstat", "");
		if (!r.host && !r.ours && !same_stat(&a, &b) && wrong++ < 20)
			printf("# fstat: mode %o %o links %lu %lu size %ld "
			       "%ld\n",
			       a.mode, b.mode, a.nlink, b.nlink, a.size,
			       b.size);
		break;
	default:
		random_io(fd);
	}
}

/* --- the whole tree ------------------------------------------------------- */

static unsigned list_host(int fd, char names[][16], unsigned max)
{
	char buf[4096];
	unsigned count = 0;
	long n;

	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long i = 0; i < n && count < max;) {
			struct abi_dirent64 *d = (void *)(buf + i);

			snprintf(names[count++], 16, "%s", d->name);
			i += d->record_size;
		}
	return count;
}

static unsigned list_ours(int fd, char names[][16], unsigned max)
{
	char buf[100]; /* for many calls */
	unsigned count = 0;
	long n;

	while ((n = halvm_syscall_getdents64(fd, L(buf), sizeof(buf))) > 0)
		for (long i = 0; i < n && count < max;) {
			struct abi_dirent64 *d = (void *)(buf + i);

			snprintf(names[count++], 16, "%s", d->name);
			i += d->record_size;
		}
	return count;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void compare_content(const char *path)
{
	int a = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	int b = (int)halvm_syscall_openat(AT_FDCWD, L(path), O_RDONLY, 0);
	long n, m, total = 0;

	do {
		n = syscall(SYS_read, a, host_buf, BUF);
		m = halvm_syscall_read(b, L(our_buf), BUF);
		if ((n != m ||
		     (n > 0 && memcmp(host_buf, our_buf, (size_t)n))) &&
		    wrong++ < 20)
			printf("# content of %s differs\n", path);
		total += n;
	} while (n > 0 && n == m && total < 1 << 20);
	syscall(SYS_close, a);
	halvm_syscall_close(b);
}

static void compare_tree(const char *dir, unsigned depth)
{
	size_t length = strlen(dir);
	int a = (int)syscall(SYS_openat, AT_FDCWD, dir, O_RDONLY);
	int b = (int)halvm_syscall_openat(AT_FDCWD, L(dir), O_RDONLY, 0);
	char host[32][16], ours[32][16], path[600];
	unsigned n = list_host(a, host, 32), m = list_ours(b, ours, 32);

	syscall(SYS_close, a);
	halvm_syscall_close(b);
	if (n != m) {
		if (wrong++ < 20)
			printf("# %s has %u entries, ours %u\n", dir, n, m);
		return;
	}
	qsort(host, n, 16, by_text);
	qsort(ours, m, 16, by_text);
	for (unsigned i = 0; i < n; i++) {
		struct abi_stat st = {0};

		if (strcmp(host[i], ours[i]) && wrong++ < 20)
			printf("# %s: %s, ours %s\n", dir, host[i], ours[i]);
		if (host[i][0] == '.')
			continue;
		if (length > 500)
			continue;
		memcpy(path, dir, length);
		snprintf(path + length, 20, "/%s", host[i]);
		compare_stat(path, AT_SYMLINK_NOFOLLOW);
		syscall(SYS_newfstatat, AT_FDCWD, path, &st,
			AT_SYMLINK_NOFOLLOW);
		if (S_ISDIR(st.mode) && depth < 8)
			compare_tree(path, depth + 1);
		else if (S_ISREG(st.mode))
			compare_content(path);
	}
}

static void enter_directory(char *dir)
{
	check(mkdtemp(dir) && chdir(dir) == 0, "a directory of the host");
	check(halvm_syscall_mkdir(L("/tmp/t"), 0700) == 0 &&
		  halvm_syscall_chdir(L("/tmp/t")) == 0,
	      "a directory of ours");
	syscall(SYS_umask, 022);
	halvm_syscall_umask(022);
}

static void test_random(void)
{
	char dir[] = "/tmp/halvm-vfs-XXXXXX", command[64];

	enter_directory(dir);
	for (unsigned i = 0; i < FILES; i++)
		fds[i][0] = fds[i][1] = -1;
	wrong = 0;
	for (unsigned i = 0; i < 60000 && wrong < 20; i++) {
		if (random_below(2))
			random_name_call();
		else
			random_file_call(fds[random_below(FILES)]);
		if (i % 500 == 0)
			compare_tree(".", 0);
	}
	check(!wrong, "random calls give what the host's file system gives");
	for (unsigned i = 0; i < FILES; i++)
		close_slot(fds[i]);
	compare_tree(".", 0);
	check(!wrong, "so does the tree they leave");
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	check(chdir("/") == 0 && system(command) == 0, "cleaned up");
}

/* --- what only ours has --------------------------------------------------- */

static long read_all(const char *path, char *buf, size_t size)
{
	long fd = halvm_syscall_open(L(path), O_RDONLY, 0), n;
	size_t used = 0;

	if (fd < 0)
		return fd;
	while ((n = halvm_syscall_read(fd, L(buf + used),
				       (long)(size - 1 - used))) > 0)
		used += (size_t)n;
	buf[used] = '\0';
	halvm_syscall_close(fd);
	return n < 0 ? n : (long)used;
}

static void test_devices(void)
{
	long null = halvm_syscall_open(L("/dev/null"), O_RDWR, 0);
	long zero = halvm_syscall_open(L("/dev/zero"), O_RDONLY, 0);
	long full = halvm_syscall_open(L("/dev/full"), O_RDWR, 0);
	long random = halvm_syscall_open(L("/dev/urandom"), O_RDONLY, 0);
	char buf[600];

	check(halvm_syscall_read(null, L(buf), 10) == 0 &&
		  halvm_syscall_write(null, L(buf), 600) == 600,
	      "/dev/null");
	memset(buf, 1, sizeof(buf));
	check(halvm_syscall_read(zero, L(buf), 600) == 600 && buf[0] == 0 &&
		  buf[599] == 0,
	      "/dev/zero");
	check(halvm_syscall_write(full, L(buf), 1) == -ENOSPC, "/dev/full");
	check(halvm_syscall_read(random, L(buf), 600) == 600 &&
		  memcmp(buf, buf + 300, 300) != 0,
	      "/dev/urandom");
	check(halvm_syscall_open(L("/dev/console"), O_RDWR, 0) == -ENXIO,
	      "/dev/console without a console");
	halvm_syscall_close(null);
	halvm_syscall_close(zero);
	halvm_syscall_close(full);
	halvm_syscall_close(random);
}

static void test_proc(void)
{
	char buf[8192], link[64] = "", path[64];
	struct abi_stat a, b;
	long fd;

	check(read_all("/proc/self/cmdline", buf, sizeof(buf)) == 9 &&
		  memcmp(buf, "/bin/x\0y\0", 9) == 0,
	      "/proc/self/cmdline");
	check(halvm_syscall_readlink(L("/proc/self/exe"), L(link), 64) == 6 &&
		  strcmp(link, "/bin/x") == 0,
	      "/proc/self/exe");
	check(read_all("/proc/meminfo", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "MemTotal:") == buf,
	      "/proc/meminfo");
	check(read_all("/proc/mounts", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "tmpfs / tmpfs rw 0 0\n") == buf &&
		  strstr(buf, "proc /proc proc ro 0 0\n"),
	      "/proc/mounts");
	check(read_all("/proc/self/stat", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "1 (x) R 0 1 1 ") == buf,
	      "/proc/self/stat");
	check(read_all("/proc/1/status", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "Name:\tx\n") == buf,
	      "/proc/1/status");
	check(read_all("/proc/self/task/1/comm", buf, sizeof(buf)) == 2,
	      "/proc/self/task/1/comm");
	fd = halvm_syscall_open(L("/proc/self/task/1/comm"), O_WRONLY, 0);
	check(halvm_syscall_write(fd, L("name"), 4) == 4 &&
		  read_all("/proc/self/comm", buf, sizeof(buf)) == 5 &&
		  strcmp(buf, "name\n") == 0,
	      "a thread is named");
	halvm_syscall_write(fd, L(""), 0);
	halvm_syscall_close(fd);
	check(read_all("/proc/self/task/7/comm", buf, sizeof(buf)) == -ENOENT,
	      "a thread that isn't");
	for (const char *const *p =
		 (const char *const[]){
		     "cpuinfo", "uptime", "stat", "loadavg", "version",
		     "filesystems", "self/statm", "self/environ", "self/maps",
		     "sys/kernel/hostname", "sys/kernel/osrelease",
		     "sys/vm/overcommit_memory", NULL};
	     *p; p++) {
		snprintf(path, sizeof(path), "/proc/%s", *p);
		check(read_all(path, buf, sizeof(buf)) >= 0, "%s", path);
	}
	fd = halvm_syscall_open(L("/tmp/x"), O_RDWR | O_CREAT, 0600);
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	memset(link, 0, sizeof(link));
	check(halvm_syscall_readlink(L(path), L(link), 63) == 6 &&
		  strcmp(link, "/tmp/x") == 0,
	      "readlink of /proc/self/fd/N");
	check(halvm_syscall_unlink(L("/tmp/x")) == 0 &&
		  halvm_syscall_stat(L(path), L(&a)) == 0 &&
		  halvm_syscall_fstat(fd, L(&b)) == 0 && a.ino == b.ino &&
		  a.nlink == 0,
	      "it leads to a file without a name");
	check(halvm_syscall_mkdir(L("/proc/x"), 0755) == -EROFS &&
		  halvm_syscall_open(L("/proc/uptime"), O_RDWR, 0) == -EROFS,
	      "/proc is read-only");
	check(halvm_syscall_chdir(L("/proc/self/task")) == 0 &&
		  halvm_syscall_getcwd(L(buf), sizeof(buf)) == 13 &&
		  strcmp(buf, "/proc/1/task") == 0,
	      "getcwd in /proc");
	check(halvm_syscall_chdir(L("/proc/..")) == 0 &&
		  halvm_syscall_getcwd(L(buf), sizeof(buf)) == 2,
	      "out of a mount by ..");
	halvm_syscall_close(fd);
}

static void test_etc(void)
{
	char buf[256];

	check(read_all("/etc/hostname", buf, sizeof(buf)) == 5 &&
		  strcmp(buf, "host\n") == 0,
	      "/etc/hostname");
	check(read_all("/etc/hosts", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "127.0.1.1 host\n"),
	      "/etc/hosts");
	check(read_all("/etc/passwd", buf, sizeof(buf)) > 0 &&
		  strstr(buf, "root:x:0:0") == buf,
	      "/etc/passwd");
	check(read_all("/dev/../etc/./group", buf, sizeof(buf)) > 0,
	      "/etc/group by a detour");
}

static void test_listing(void)
{
	char buf[128], path[32];
	unsigned seen = 0, made = 200;
	long fd, n;

	halvm_syscall_mkdir(L("/tmp/many"), 0755);
	for (unsigned i = 0; i < made; i++) {
		snprintf(path, sizeof(path), "/tmp/many/%u", i);
		halvm_syscall_close(
		    halvm_syscall_open(L(path), O_CREAT | O_RDWR, 0600));
	}
	fd = halvm_syscall_open(L("/tmp/many"), O_RDONLY | O_DIRECTORY, 0);
	while ((n = halvm_syscall_getdents64(fd, L(buf), sizeof(buf))) > 0)
		for (long i = 0; i < n;) {
			struct abi_dirent64 *d = (void *)(buf + i);

			snprintf(path, sizeof(path), "/tmp/many/%s", d->name);
			if (d->name[0] != '.' &&
			    halvm_syscall_unlink(L(path)) == 0)
				seen++;
			i += d->record_size;
		}
	check(n == 0 && seen == made,
	      "each entry is seen once while entries are removed: %u", seen);
	check(halvm_syscall_lseek(fd, 0, SEEK_SET) == 0 &&
		  halvm_syscall_getdents64(fd, L(buf), 10) == -EINVAL &&
		  halvm_syscall_getdents64(fd, L(buf), 128) == 48,
	      "an empty directory, again from its start");
	check(halvm_syscall_lseek(fd, 1, SEEK_SET) == 1 &&
		  halvm_syscall_lseek(fd, INT64_MAX, SEEK_CUR) == -EOVERFLOW &&
		  halvm_syscall_lseek(fd, -2, SEEK_CUR) == -EINVAL &&
		  halvm_syscall_lseek(fd, 0, SEEK_CUR) == 1,
	      "a place in a directory that can't be");
	check(halvm_syscall_rmdir(L("/tmp/many")) == 0 &&
		  halvm_syscall_getdents64(fd, L(buf), 128) == -ENOENT &&
		  halvm_syscall_openat(fd, L("x"), O_CREAT | O_RDWR, 0600) ==
		      -ENOENT,
	      "a removed one");
	halvm_syscall_close(fd);
}

static long waiting_fd, waiting_result;

static void waiter(void *argument)
{
	(void)argument;
	waiting_result = halvm_syscall_flock(waiting_fd, LOCK_EX);
	thread_exit(0, 0, 0);
}

static void test_waiting(void)
{
	long a = halvm_syscall_open(L("/tmp/w"), O_CREAT | O_RDWR, 0600);

	waiting_fd = halvm_syscall_open(L("/tmp/w"), O_RDWR, 0);
	waiting_result = 1;
	halvm_syscall_flock(a, LOCK_EX);
	host_thread(waiter, NULL);
	for (unsigned i = 0; i < 5; i++)
		thread_yield();
	check(waiting_result == 1, "a thread waits for a lock");
	halvm_syscall_close(a);
	for (unsigned i = 0; i < 5; i++)
		thread_yield();
	check(waiting_result == 0, "and gets it when the other goes");
	halvm_syscall_close(waiting_fd);
	halvm_syscall_unlink(L("/tmp/w"));
}

static void test_locks(void)
{
	long a = halvm_syscall_open(L("/tmp/l"), O_CREAT | O_RDWR, 0600);
	long b = halvm_syscall_open(L("/tmp/l"), O_RDWR, 0);
	struct abi_flock range = {.type = F_WRLCK, .start = 10, .size = 10};
	struct abi_flock ask = {.type = F_RDLCK, .start = 0, .size = 0};

	check(halvm_syscall_flock(a, LOCK_SH) == 0 &&
		  halvm_syscall_flock(b, LOCK_SH | LOCK_NB) == 0 &&
		  halvm_syscall_flock(a, LOCK_EX | LOCK_NB) == -EAGAIN &&
		  halvm_syscall_flock(b, LOCK_EX | LOCK_NB) == 0 &&
		  halvm_syscall_flock(a, LOCK_SH | LOCK_NB) == -EAGAIN &&
		  halvm_syscall_flock(b, LOCK_UN) == 0 &&
		  halvm_syscall_flock(a, LOCK_EX | LOCK_NB) == 0,
	      "flock");
	check(halvm_syscall_fcntl(a, F_OFD_SETLK, L(&range)) == 0 &&
		  halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_WRLCK && ask.start == 10 && ask.size == 10 &&
		  ask.pid == -1,
	      "F_OFD_SETLK and F_OFD_GETLK");
	range.start = 15;
	check(halvm_syscall_fcntl(b, F_SETLK, L(&range)) == -EAGAIN,
	      "F_SETLK against F_OFD_SETLK");
	range.start = 12;
	range.size = 3;
	range.type = F_UNLCK;
	ask = (struct abi_flock){.type = F_RDLCK, .start = 12, .size = 3};
	check(halvm_syscall_fcntl(a, F_OFD_SETLK, L(&range)) == 0 &&
		  halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_UNLCK,
	      "a hole in a lock");
	ask = (struct abi_flock){.type = F_RDLCK, .start = 12, .size = 0};
	check(halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.start == 15 && ask.size == 5,
	      "and what is left of it");
	halvm_syscall_close(a);
	ask = (struct abi_flock){.type = F_WRLCK};
	check(halvm_syscall_fcntl(b, F_OFD_GETLK, L(&ask)) == 0 &&
		  ask.type == F_UNLCK &&
		  halvm_syscall_flock(b, LOCK_EX | LOCK_NB) == 0,
	      "closing gives locks up");
	halvm_syscall_close(b);
	halvm_syscall_unlink(L("/tmp/l"));
}

static void test_memfd(void)
{
	long fd = halvm_syscall_memfd_create(L("x"), MFD_ALLOW_SEALING);
	struct file *f = fd_get((int)fd);

	check(halvm_syscall_write(fd, L("hello"), 5) == 5 &&
		  memfd_add_seals(f, F_SEAL_GROW | F_SEAL_SHRINK) == 0 &&
		  halvm_syscall_pwrite64(fd, L("h"), 1, 5) == -EPERM &&
		  halvm_syscall_ftruncate(fd, 4) == -EPERM &&
		  halvm_syscall_pwrite64(fd, L("J"), 1, 0) == 1 &&
		  memfd_add_seals(f, F_SEAL_WRITE | F_SEAL_SEAL) == 0 &&
		  halvm_syscall_pwrite64(fd, L("J"), 1, 0) == -EPERM &&
		  memfd_add_seals(f, F_SEAL_GROW) == -EPERM &&
		  memfd_get_seals(f) == 15,
	      "memfd and its seals");
	file_put(f);
	halvm_syscall_close(fd);
}

static void test_full(void)
{
	size_t before = pages_available();
	long fd = halvm_syscall_open(L("/tmp/big"), O_CREAT | O_RDWR, 0600);
	long n, total = 0;

	while ((n = halvm_syscall_write(fd, L(data), BUF)) > 0)
		total += n;
	check(n == -ENOSPC && total > (long)ARENA / 2,
	      "files take no more than their share: %ld", total);
	check(pages_available() > pages_reserve() + pages_total() / 40,
	      "and leave a reserve");
	check(halvm_syscall_fallocate(fd, 0, 0, 1L << 40) == -ENOSPC,
	      "fallocate of a terabyte");
	check(halvm_syscall_unlink(L("/tmp/big")) == 0 &&
		  pages_available() < before / 2 &&
		  halvm_syscall_close(fd) == 0 && pages_available() == before,
	      "all comes back with the last descriptor");
}

static void test_limits(void)
{
	long fd = halvm_syscall_open(L("/tmp/s"), O_CREAT | O_RDWR, 0600);
	char name[300], path[4200];

	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	check(halvm_syscall_mkdir(L(name), 0755) == 0 &&
		  halvm_syscall_rmdir(L(name)) == 0,
	      "a name of 255 bytes");
	name[255] = 'n';
	name[256] = '\0';
	check(halvm_syscall_mkdir(L(name), 0755) == -ENAMETOOLONG,
	      "a name of 256");
	memset(path, '/', sizeof(path));
	path[4095] = '\0';
	check(halvm_syscall_chdir(L(path)) == 0, "a path of 4095");
	path[4095] = '/';
	path[4096] = '\0';
	check(halvm_syscall_chdir(L(path)) == -ENAMETOOLONG, "one of 4096");
	check(halvm_syscall_pwrite64(fd, L("x"), 1, INT64_MAX - 1) == 1 &&
		  halvm_syscall_pwrite64(fd, L("xy"), 2, INT64_MAX - 1) == 1,
	      "the largest offset");
	check(halvm_syscall_lseek(fd, INT64_MAX, SEEK_SET) == INT64_MAX &&
		  halvm_syscall_write(fd, L("x"), 1) == -EFBIG &&
		  halvm_syscall_lseek(fd, 1, SEEK_CUR) == -EOVERFLOW,
	      "beyond it");
	check(halvm_syscall_lseek(fd, 4096, SEEK_DATA) ==
		      (INT64_MAX & ~4095L) &&
		  halvm_syscall_lseek(fd, 0, SEEK_HOLE) == 0,
	      "data and hole");
	halvm_syscall_close(fd);
	halvm_syscall_unlink(L("/tmp/s"));
}

static void test_bad_pointers(void)
{
	long fd = halvm_syscall_open(L("/tmp/p"), O_CREAT | O_RDWR, 0600);
	static char bad[8192];
	char buf[8] = "";

	host_bad_range(bad + 4096, 4096);
	check(halvm_syscall_open(L(bad + 5000), O_RDONLY, 0) == -EFAULT &&
		  halvm_syscall_stat(L("/tmp"), L(bad + 5000)) == -EFAULT &&
		  halvm_syscall_write(fd, L(bad + 5000), 3) == -EFAULT &&
		  halvm_syscall_getcwd(L(bad + 5000), 100) == -EFAULT,
	      "EFAULT");
	check(halvm_syscall_ftruncate(fd, 3) == 0 &&
		  halvm_syscall_pread64(fd, L(buf), 8, 0) == 3 && !buf[0] &&
		  !buf[1] && !buf[2],
	      "a write that failed left zeros");
	host_bad_range(NULL, 0);
	halvm_syscall_close(fd);
	halvm_syscall_unlink(L("/tmp/p"));
}

static bool take(void *object)
{
	return ++*(int *)object;
}

static void test_sockets(void)
{
	struct inode *inode;
	void *found = NULL;
	int object = 0;

	check(vfs_bind_socket("/tmp/sock", &object, &inode) == 0 &&
		  vfs_lookup_socket("/tmp/sock", take, &found) == 0 &&
		  found == &object && object == 1,
	      "a bound socket is found");
	check(vfs_bind_socket("/tmp/sock", &object, &inode) == -EADDRINUSE,
	      "its path is in use");
	vfs_unbind_socket(inode);
	check(vfs_lookup_socket("/tmp/sock", take, &found) == -ECONNREFUSED &&
		  vfs_lookup_socket("/tmp", take, &found) == -ECONNREFUSED &&
		  vfs_lookup_socket("/tmp/no", take, &found) == -ENOENT,
	      "no socket");
	halvm_syscall_unlink(L("/tmp/sock"));
}

/* Any allocation may fail: an error, and nothing is lost. */
static void test_no_memory(void)
{
	long objects = host_heap_objects;
	bool good = true;

	for (long limit = 0; limit < 40; limit++) {
		long fd, r;

		host_heap_limit = limit;
		r = halvm_syscall_mkdir(L("/tmp/m"), 0755);
		good = good && (r == 0 || r == -ENOMEM || r == -ENOSPC);
		fd = halvm_syscall_open(L("/tmp/m/f"), O_CREAT | O_RDWR, 0600);
		r = halvm_syscall_pwrite64(fd, L("x"), 1, 1L << 40);
		good =
		    good && (fd < 0 || r == 1 || r == -ENOSPC || r == -ENOMEM);
		r = halvm_syscall_rename(L("/tmp/m"), L("/tmp/m2"));
		r = halvm_syscall_symlink(L("x"), L("/tmp/m/l"));
		host_heap_limit = -1;
		halvm_syscall_close(fd);
		halvm_syscall_unlink(L("/tmp/m/f"));
		halvm_syscall_unlink(L("/tmp/m2/f"));
		halvm_syscall_unlink(L("/tmp/m/l"));
		halvm_syscall_rmdir(L("/tmp/m"));
		halvm_syscall_rmdir(L("/tmp/m2"));
	}
	check(good, "errors of a shortage");
	check(host_heap_objects == objects, "nothing is lost: %ld of %ld",
	      host_heap_objects, objects);
}

static void test_deep(void)
{
	unsigned i, depth = 3000;

	halvm_syscall_chdir(L("/tmp"));
	for (i = 0; i < depth; i++)
		if (halvm_syscall_mkdir(L("d"), 0700) ||
		    halvm_syscall_chdir(L("d")))
			break;
	check(i == depth, "%u levels of directories", i);
	check(halvm_syscall_getcwd(L(data), BUF) == -ENAMETOOLONG,
	      "a path too long to tell");
	for (i = 0; i < depth; i++)
		if (halvm_syscall_unlinkat(AT_FDCWD, L("../d"), AT_REMOVEDIR) ||
		    halvm_syscall_chdir(L("..")))
			break;
	check(i == depth, "all removed: %u", i);
	check(halvm_syscall_getcwd(L(data), BUF) == 5, "back in /tmp");
}

int main(void)
{
	static char *arguments[] = {"/bin/x", "y", NULL};
	static char *environment[] = {"A=B", NULL};

	host_ram_start(ARENA);
	pages_add(0, ARENA);
	host_threads_start();
	process.arguments = arguments;
	process.environment = environment;
	strcpy(process.host_name, "host");
	vfs_init(NULL, 0, "/proc/self/cwd/nowhere");
	test_devices();
	test_proc();
	test_etc();
	test_listing();
	test_locks();
	test_waiting();
	test_memfd();
	test_full();
	test_limits();
	test_bad_pointers();
	test_sockets();
	test_no_memory();
	test_deep();
	test_random();
	return check_done();
}
