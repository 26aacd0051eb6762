/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vfs.c - the file system's limits: long lists, names and offsets, deep
 * trees, bad pointers, sockets' names.
 */
#include "rt_vfs.h"

#define BUF 20000

static char data[BUF];

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
	vfs_start();
	test_listing();
	test_limits();
	test_bad_pointers();
	test_sockets();
	test_deep();
	return check_done();
}
