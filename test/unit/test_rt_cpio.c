/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The root archive (runtime/io/cpio.c, ramfs_unpack.c): what is in it is in
 * the tree, its contents are copied when they are written, and a damaged one
 * does no harm.
 */
#include "check.h"
#include "archive.h"
#include "core/pages.h"
#include "halvm/syscalls.h"
#include "host.h"
#include "io/file.h"
#include "io/ramfs_unpack.h"
#include "io/vfs.h"
#include "random.h"

#define ARENA (16UL << 20)
#define IMAGE 10000 /* bytes of the file that is changed at random */
#define L(p) ((long)(p))

static struct archive first, second, damaged;
static char image[IMAGE], buf[65536], model[65536];

static void make_archives(void)
{
	for (unsigned i = 0; i < IMAGE; i++)
		image[i] = (char)random_next();
	archive_add(&first, ".", S_IFDIR | 0711, 1, 2, "", 0);
	archive_add(&first, "bin", S_IFDIR | 0750, 2, 2, "", 0);
	archive_add(&first, "bin/prog", S_IFREG | 04755, 3, 1, "program", 7);
	archive_add(&first, "./bin//x", S_IFLNK | 0777, 4, 1, "prog", 4);
	archive_add(&first, "no/such/dir/f", S_IFREG | 0644, 5, 1, "f", 1);
	archive_add(&first, "l1", S_IFREG | 0644, 6, 3, "", 0);
	archive_add(&first, "bin/l2", S_IFREG | 0644, 6, 3, "", 0);
	archive_add(&first, "l3", S_IFREG | 0644, 6, 3, "linked", 6);
	archive_add(&first, "m1", S_IFREG | 0644, 7, 2, "early", 5);
	archive_add(&first, "m2", S_IFREG | 0644, 7, 2, "", 0);
	archive_add(&first, "null", S_IFCHR | 0666, 8, 1, "", 0);
	archive_add(&first, "/image", S_IFREG | 0644, 9, 1, image, IMAGE);
	archive_add(&first, "old", S_IFREG | 0644, 10, 1, "old", 3);
	archive_add(&first, "empty", S_IFREG | 0644, 11, 1, "", 0);
	archive_add(&first, "etc/passwd", S_IFREG | 0644, 12, 1, "me\n", 3);
	archive_end(&first);
	first.size += 512; /* of zeros, as cpio pads to a block */
	archive_add(&second, "old", S_IFREG | 0600, 6, 1, "new", 3);
	archive_add(&second, "bin", S_IFDIR | 0755, 2, 2, "", 0);
	archive_add(&second, "../up", S_IFREG | 0644, 3, 1, "", 0);
	archive_add(&second, "old/below", S_IFREG | 0644, 4, 1, "", 0);
	archive_add(&second, "bin", S_IFREG | 0644, 5, 1, "", 0);
	archive_add(&second, "last", S_IFREG | 0600, 7, 1, "last", 4);
	archive_end(&second);
	memcpy(&damaged, &second, sizeof(second));
	damaged.size -= 40;
}

static bool has(const char *path, const char *content)
{
	long fd = halvm_syscall_open(L(path), O_RDONLY, 0), n;

	if (fd < 0)
		return false;
	n = halvm_syscall_read(fd, L(buf), sizeof(buf));
	halvm_syscall_close(fd);
	return n == (long)strlen(content) &&
	       memcmp(buf, content, (size_t)n) == 0;
}

static struct abi_stat stat_of(const char *path)
{
	struct abi_stat st = {0};

	halvm_syscall_lstat(L(path), L(&st));
	return st;
}

static void test_tree(void)
{
	struct abi_stat st;

	check(has("/bin/prog", "program") && has("/bin/x", "program") &&
		  has("/no/such/dir/f", "f") && has("/empty", ""),
	      "files");
	st = stat_of("/bin/prog");
	check(st.mode == (S_IFREG | 04755) && st.uid == 7 && st.gid == 8 &&
		  st.mtime.sec == 1000003 && st.size == 7 && st.nlink == 1,
	      "attributes");
	check(has("/l1", "linked") && has("/bin/l2", "linked") &&
		  has("/l3", "linked") && stat_of("/l1").nlink == 3 &&
		  stat_of("/l1").ino == stat_of("/bin/l2").ino,
	      "hard links with the data in the last");
	check(has("/m1", "early") && has("/m2", "early"), "and in the first");
	st = stat_of("/null");
	check(S_ISCHR(st.mode) && st.rdev == ABI_DEV(1, 3) &&
		  halvm_syscall_open(L("/null"), O_RDWR, 0) >= 0,
	      "a device");
	check(stat_of("/").mode == (S_IFDIR | 0711), "the root's mode");
	check(has("/etc/passwd", "me\n") && has("/etc/group", "root:x:0:\n"),
	      "/etc has what the archive brings, and the rest");
	check(has("/old", "new") && has("/last", "last"),
	      "a later archive replaces files");
	st = stat_of("/bin");
	check(st.mode == (S_IFDIR | 0755) && st.mtime.sec == 1000002 &&
		  has("/bin/prog", "program"),
	      "but directories stay");
	check(stat_of("/up").mode == 0, "no way up");
}

/* The file is as the model; the archive is what it was. */
static bool same(long fd, size_t size)
{
	return halvm_syscall_pread64(fd, L(buf), sizeof(buf), 0) ==
		   (long)size &&
	       memcmp(buf, model, size) == 0;
}

static size_t change(long fd, size_t size)
{
	size_t at = random_below(24000), n = 1 + random_below(6000);

	switch (random_below(5)) {
	case 0:
		halvm_syscall_ftruncate(fd, (long)at);
		if (at < size)
			memset(model + at, 0, size - at);
		return at;
	case 1:
		halvm_syscall_fallocate(
		    fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (long)at,
		    (long)n);
		if (at < size)
			memset(model + at, 0, n < size - at ? n : size - at);
		return size;
	case 2:
		halvm_syscall_fallocate(fd, FALLOC_FL_ZERO_RANGE, (long)at,
					(long)n);
		memset(model + at, 0, n);
		break;
	case 3:
		halvm_syscall_fallocate(fd, 0, (long)at, (long)n);
		break;
	default:
		for (size_t i = 0; i < n; i++)
			model[at + i] = (char)random_next();
		halvm_syscall_pwrite64(fd, L(model + at), (long)n, (long)at);
	}
	return at + n > size ? at + n : size;
}

static void test_changes(void)
{
	static struct archive kept;
	size_t free = pages_available(), size = IMAGE;
	bool good = true;
	long fd;

	memcpy(&kept, &first, sizeof(first));
	memcpy(model, image, IMAGE);
	fd = halvm_syscall_open(L("/image"), O_RDWR, 0);
	check(same(fd, size) && pages_available() == free,
	      "a file is read in place");
	check(halvm_syscall_lseek(fd, 0, SEEK_HOLE) == IMAGE &&
		  halvm_syscall_lseek(fd, 5000, SEEK_DATA) == 5000,
	      "it is data, all of it");
	for (unsigned i = 0; i < 3000 && good; i++) {
		size = change(fd, size);
		good = same(fd, size);
	}
	check(good, "random changes against a model");
	check(memcmp(&kept, &first, sizeof(first)) == 0,
	      "the archive is left as it was");
	check(halvm_syscall_unlink(L("/image")) == 0 &&
		  halvm_syscall_close(fd) == 0 && pages_available() == free,
	      "all pages come back");
}

/* Each of many first changes, on a fresh image. */
static void test_first_changes(void)
{
	static struct fs fs;
	struct inode *root = ramfs_mount(&fs, "tmpfs", 99);
	struct vfs_name name = {"image", 5};
	bool good = true;

	for (unsigned i = 0; i < 300 && good; i++) {
		struct inode *inode;
		struct file *f;
		size_t size = IMAGE;
		int fd;

		ramfs_unpack(root, first.bytes, first.size);
		good = root->ops->lookup(root, name, &inode) == 0 &&
		       vfs_open_inode(inode, O_RDWR, &f) == 0;
		if (!good)
			break;
		inode_put(inode);
		fd = fd_install(f, 0, false);
		memset(model, 0, sizeof(model));
		memcpy(model, image, IMAGE);
		for (unsigned k = 0; k < 3; k++) {
			size = change(fd, size);
			good = good && same(fd, size);
		}
		fd_close(fd);
		ramfs_clear(root);
	}
	check(good, "first changes of an image");
	inode_put(root);
}

static void test_damage(void)
{
	unsigned lines = log_lines;
	static struct fs fs;
	struct inode *root = ramfs_mount(&fs, "tmpfs", 99);
	size_t end = first.size - 512;
	bool good = true;
	long objects;

	check(ramfs_unpack(root, "", 0) == -EINVAL &&
		  ramfs_unpack(root, "\x1f\x8b", 2) == -EINVAL,
	      "what is no archive");
	check(log_lines == lines + 2, "is told in the log");
	check(ramfs_unpack(root, damaged.bytes, damaged.size) == -EINVAL,
	      "an archive without its end");
	check(ramfs_unpack(root, second.bytes, second.size) == -EINVAL,
	      "bad members are told and left out");
	check(ramfs_unpack(root, first.bytes, first.size) == 0, "a good one");
	ramfs_clear(root);
	objects = host_heap_objects;
	for (size_t n = 0; n < end; n += 1 + n / 50) {
		char *copy = malloc(n + 1);

		memcpy(copy, first.bytes, n);
		good = good && ramfs_unpack(root, copy, n) == -EINVAL;
		ramfs_clear(root);
		free(copy);
	}
	check(good, "each prefix of it is an error");
	for (long limit = 0; limit < 100; limit++) {
		host_heap_limit = limit;
		ramfs_unpack(root, first.bytes, first.size);
		host_heap_limit = -1;
		ramfs_clear(root);
	}
	check(host_heap_objects == objects, "no memory: nothing is lost");
	inode_put(root);
}

int main(void)
{
	struct vfs_archive archives[3];

	make_archives();
	host_ram_start(ARENA);
	pages_add(0, ARENA);
	host_threads_start();
	archives[0] = (struct vfs_archive){first.bytes, first.size};
	archives[1] = (struct vfs_archive){second.bytes, second.size};
	archives[2] = (struct vfs_archive){damaged.bytes, damaged.size};
	vfs_init(archives, 3, "/bin");
	check(has("prog", "program"), "a relative path from the first cwd");
	test_tree();
	test_changes();
	test_first_changes();
	test_damage();
	return check_done();
}
