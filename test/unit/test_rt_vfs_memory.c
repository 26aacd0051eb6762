/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vfs_memory.c - files and the machine's memory: seals, a full file
 * system, allocations that fail.
 */
#include "io/file.h"
#include "io/memfd.h"
#include "rt_vfs.h"

#define BUF 20000

static char data[BUF];

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
	check(n == -ENOSPC && total > (long)VFS_RAM / 2,
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

int main(void)
{
	vfs_start();
	test_memfd();
	test_full();
	test_no_memory();
	return check_done();
}
