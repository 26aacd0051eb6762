/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * files.c - calls on the files of a provider, and what they share with those
 * of the target.  It prints the same wherever it runs.
 */
#define _GNU_SOURCE
#include "files.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

int say_failed;

static struct halvm_files_provider table, inner;

__attribute__((__constructor__)) static void provide(void)
{
	table = memory_files("/mem");
	inner = memory_files("/mem/inner/");
	say(halvm_provide_files(&table) == 0, "a provider is entered");
	say(halvm_provide_files(&inner) == 0, "one within another");
	say(halvm_provide_files(&table) == -EBUSY, "a mount point once");
	table.mount = "mem";
	say(halvm_provide_files(&table) == -EINVAL, "relative mount point");
	table.mount = "/a/../b";
	say(halvm_provide_files(&table) == -EINVAL, "mount point with dots");
	table.mount = "/mem";
	inner.abi++;
	say(halvm_provide_files(&inner) == -EINVAL, "another ABI");
	inner.abi--;
}

int put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	ssize_t n = write(fd, text, strlen(text));

	close(fd);
	return n == (ssize_t)strlen(text);
}

bool file_is(const char *path, const char *text)
{
	char b[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, b, sizeof(b));

	close(fd);
	return n == (ssize_t)strlen(text) && memcmp(b, text, (size_t)n) == 0;
}

static void basics(void)
{
	char b[32] = "";
	int fd = open("/mem/a", O_RDWR | O_CREAT, 0644), copy;
	struct iovec v[2] = {{b, 3}, {b + 10, 5}};

	say(fd > 2, "open");
	say(write(fd, "Hello, world", 12) == 12, "write");
	say(lseek(fd, 0, SEEK_CUR) == 12, "the place after it");
	say(read(fd, b, 10) == 0, "end of file");
	say(lseek(fd, 7, SEEK_SET) == 7, "seek");
	copy = dup(fd);
	say(read(copy, b, 3) == 3 && !memcmp(b, "wor", 3), "read by a dup");
	say(lseek(fd, 0, SEEK_CUR) == 10, "the place is shared");
	say(pread(fd, b, 5, 0) == 5 && !memcmp(b, "Hello", 5), "pread");
	say(pwrite(fd, "J", 1, 0) == 1, "pwrite");
	lseek(fd, 0, SEEK_SET);
	say(readv(fd, v, 2) == 8 && !memcmp(b, "Jel", 3) &&
		!memcmp(b + 10, "lo, w", 5),
	    "readv");
	say(lseek(fd, -2, SEEK_END) == 10, "seek from the end");
	SAY_ERROR(lseek(fd, -1, SEEK_SET), EINVAL, "seek before the start");
	SAY_ERROR(lseek(fd, 12, SEEK_DATA), ENXIO, "no data after the end");
	say(lseek(fd, 3, SEEK_HOLE) == 12, "the hole is the end");
	close(fd);
	say(lseek(copy, 1, SEEK_SET) == 1, "the dup outlives it");
	say(fcntl(copy, F_GETFD) == 0, "no FD_CLOEXEC");
	fd = fcntl(copy, F_DUPFD_CLOEXEC, 100);
	say(fd >= 100 && fcntl(fd, F_GETFD) == FD_CLOEXEC, "F_DUPFD_CLOEXEC");
	close(copy);
	say((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR, "F_GETFL");
	say(fcntl(fd, F_SETFL, O_APPEND) == 0 && fcntl(fd, F_GETFL) & O_APPEND,
	    "F_SETFL");
	say(pwrite(fd, "!", 1, 0) == 1 && lseek(fd, 0, SEEK_END) == 13,
	    "O_APPEND");
	say(dup2(fd, 200) == 200 && close(fd) == 0 && close(200) == 0, "dup2");
	SAY_ERROR(close(200), EBADF, "closed twice");
	say(memory_files_open == 0, "the provider was told of the close");
}

static void open_modes(void)
{
	char b[4];
	int fd;

	SAY_ERROR(open("/mem/none", O_RDONLY), ENOENT, "no such file");
	SAY_ERROR(open("/mem/a", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST,
		  "O_EXCL");
	SAY_ERROR(open("/mem/a", O_DIRECTORY), ENOTDIR, "O_DIRECTORY");
	SAY_ERROR(open("/mem/a/", O_RDONLY), ENOTDIR, "a slash at the end");
	SAY_ERROR(open("/mem/b/", O_RDWR | O_CREAT, 0600), EISDIR,
		  "a new file with a slash");
	SAY_ERROR(open("/mem", O_RDWR), EISDIR, "a directory for writing");
	SAY_ERROR(open("/mem", O_TMPFILE | O_RDWR, 0600), EOPNOTSUPP,
		  "O_TMPFILE");
	fd = open("/mem/a", O_WRONLY);
	SAY_ERROR(read(fd, b, 1), EBADF, "reading what is for writing");
	close(fd);
	fd = open("/mem/a", O_RDONLY);
	SAY_ERROR(write(fd, b, 1), EBADF, "writing what is for reading");
	SAY_ERROR(ftruncate(fd, 0), EINVAL, "truncating that");
	SAY_ERROR(read(fd, NULL, 1), EFAULT, "a null pointer");
	close(fd);
	fd = open("/mem", O_RDONLY);
	SAY_ERROR(read(fd, b, 1), EISDIR, "reading a directory");
	close(fd);
	fd = open("/mem/a", O_PATH);
	SAY_ERROR(read(fd, b, 1), EBADF, "reading O_PATH");
	close(fd);
	symlink("a", "/mem/l");
	SAY_ERROR(open("/mem/l", O_NOFOLLOW), ELOOP, "O_NOFOLLOW");
	say(file_is("/mem/l", "Jello, world!"), "through a link");
	say(put_file("/mem/a", "") && file_is("/mem/a", ""), "O_TRUNC");
	unlink("/mem/l");
}

static void readiness(void)
{
	int fd = open("/mem/a", O_RDWR);
	struct pollfd p = {fd, POLLIN | POLLOUT, 0};

	say(poll(&p, 1, 0) == 1 && p.revents == (POLLIN | POLLOUT),
	    "a file is always ready");
	close(fd);
}

static void below(void)
{
	char name[] = "/tmp/below-XXXXXX", b[8];
	int fd = mkstemp(name), ours;

	say(fd > 2 && write(fd, "below", 5) == 5, "the target's own file");
	ours = open("/mem/a", O_RDONLY);
	say(dup2(fd, ours) == ours && pread(ours, b, 5, 0) == 5 &&
		!memcmp(b, "below", 5),
	    "the target's in the place of a provider's");
	close(ours);
	say(memory_files_open == 0, "that one is closed");
	ours = open("/mem/a", O_RDWR | O_TRUNC);
	say(dup2(ours, fd) == fd && close(ours) == 0 &&
		write(fd, "mine", 4) == 4,
	    "and the other way round");
	close(fd);
	say(file_is("/mem/a", "mine") && file_is(name, "below"),
	    "each has its own");
	SAY_ERROR(rename(name, "/mem/b"), EXDEV,
		  "rename from one to the other");
	SAY_ERROR(link("/mem/a", "/tmp/x"), EXDEV, "link, too");
	say(unlink(name) == 0, "the target's goes");
	say(access("/dev/null", W_OK) == 0, "/dev is the target's");
}

int main(void)
{
	struct stat s, t;

	say(stat("/mem", &s) == 0 && S_ISDIR(s.st_mode), "the mount point");
	say(stat("/", &t) == 0 && s.st_dev != t.st_dev, "a device of its own");
	say(mkdir("/mem/inner", 0755) == 0 || errno == EEXIST,
	    "a name below the inner one");
	say(stat("/mem/inner", &t) == 0 && s.st_dev != t.st_dev,
	    "the inner one, too");
	basics();
	open_modes();
	readiness();
	below();
	test_names();
	test_places();
	test_more();
	say(memory_files_open == 0, "all is closed");
	printf("%d failed\n", say_failed);
	return say_failed != 0;
}
