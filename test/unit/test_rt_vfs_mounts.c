/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vfs_mounts.c - the files that no host has: /dev, /proc and /etc.
 */
#include "rt_vfs.h"

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

int main(void)
{
	vfs_start();
	test_devices();
	test_proc();
	test_etc();
	return check_done();
}
