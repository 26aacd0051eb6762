/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vfs_model.c - the file system (runtime/io/vfs*.c, ramfs*.c,
 * runtime/sys) against the one of the machine that runs this test: the same
 * calls on both, in a directory of their own, must give the same results.
 */
#include <errno.h>
#include <sys/syscall.h>
#include "random.h"
#include "rt_vfs.h"

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

int main(void)
{
	vfs_start();
	test_random();
	return check_done();
}
