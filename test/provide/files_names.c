/* SPDX-License-Identifier: BSD-3-Clause */
/* files_names.c - names, directories and what a file is. */
#define _GNU_SOURCE
#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static void names(void)
{
	char b[16];

	say(mkdir("/mem/d", 0777) == 0, "mkdir");
	SAY_ERROR(mkdir("/mem/d", 0777), EEXIST, "mkdir again");
	SAY_ERROR(mkdir("/mem", 0777), EEXIST, "the mount point itself");
	say(mkdir("/mem/d/e/", 0700) == 0, "mkdir with a slash");
	say(put_file("/mem/d/f", "x"), "a file in it");
	SAY_ERROR(rmdir("/mem/d"), ENOTEMPTY, "rmdir");
	SAY_ERROR(rmdir("/mem"), EBUSY, "rmdir of the mount point");
	SAY_ERROR(unlink("/mem/d"), EISDIR, "unlink of a directory");
	SAY_ERROR(unlink("/mem/d/f/"), ENOTDIR, "unlink with a slash");
	say(rename("/mem/d/f", "/mem/d/g") == 0 && file_is("/mem/d/g", "x"),
	    "rename");
	put_file("/mem/h", "y");
	SAY_ERROR((int)syscall(SYS_renameat2, AT_FDCWD, "/mem/h", AT_FDCWD,
			       "/mem/d/g", 1),
		  EEXIST, "RENAME_NOREPLACE");
	say(rename("/mem/h", "/mem/d/g") == 0 && file_is("/mem/d/g", "y"),
	    "rename over another");
	SAY_ERROR(rename("/mem/d", "/mem/d/e/d"), EINVAL, "into itself");
	say(link("/mem/d/g", "/mem/l") == 0 && file_is("/mem/l", "y"), "link");
	say(symlink("d/g", "/mem/s") == 0, "symlink");
	say(readlink("/mem/s", b, sizeof(b)) == 3 && !memcmp(b, "d/g", 3),
	    "readlink");
	say(readlink("/mem/s", b, 2) == 2, "a short one");
	SAY_ERROR(readlink("/mem/l", b, sizeof(b)), EINVAL, "not a link");
	say(unlink("/mem/s") == 0 && unlink("/mem/l") == 0, "unlink");
	say(mknod("/mem/n", S_IFREG | 0600, 0) == 0 && file_is("/mem/n", ""),
	    "mknod");
	SAY_ERROR(mkfifo("/mem/p", 0600), EPERM, "no FIFOs");
	unlink("/mem/n");
}

static void status(void)
{
	struct timespec t[2] = {{5, 7}, {0, UTIME_OMIT}};
	struct statvfs v;
	struct stat s, u;
	int fd;

	say(stat("/mem/d/g", &s) == 0 && S_ISREG(s.st_mode) && s.st_size == 1 &&
		s.st_nlink == 1 && s.st_ino != 0,
	    "stat");
	fd = open("/mem/d/g", O_RDWR);
	say(fstat(fd, &u) == 0 && u.st_ino == s.st_ino && u.st_dev == s.st_dev,
	    "fstat is the same");
	say(fstatat(fd, "", &u, AT_EMPTY_PATH) == 0 && u.st_ino == s.st_ino,
	    "AT_EMPTY_PATH, too");
	say(chmod("/mem/d/g", 0400) == 0 && fchmod(fd, 0640) == 0 &&
		fstat(fd, &u) == 0 && (u.st_mode & 07777) == 0640,
	    "chmod and fchmod");
	say(chown("/mem/d/g", 5, (gid_t)-1) == 0 &&
		fchown(fd, (uid_t)-1, 6) == 0 && fstat(fd, &u) == 0 &&
		u.st_uid == 5 && u.st_gid == 6,
	    "chown and fchown");
	say(utimensat(AT_FDCWD, "/mem/d/g", t, 0) == 0 && fstat(fd, &u) == 0 &&
		u.st_atim.tv_sec == 5 && u.st_atim.tv_nsec == 7 &&
		u.st_mtim.tv_sec == s.st_mtim.tv_sec,
	    "utimensat");
	t[1] = (struct timespec){9, 0};
	say(futimens(fd, t) == 0 && fstat(fd, &u) == 0 && u.st_mtime == 9,
	    "futimens");
	t[1].tv_nsec = 1000000000;
	SAY_ERROR(futimens(fd, t), EINVAL, "wrong nanoseconds");
	say(utimes("/mem/d/g", (struct timeval[2]){{1, 5}, {2, 0}}) == 0 &&
		fstat(fd, &u) == 0 && u.st_atim.tv_nsec == 5000,
	    "utimes");
	rename("/mem/d/g", "/mem/d/k");
	put_file("/mem/d/g", "");
	SAY_ERROR(fchmod(fd, 0), ENOENT, "a name that isn't its any more");
	say(ftruncate(fd, 5) == 0 && fstat(fd, &u) == 0 && u.st_size == 5,
	    "ftruncate");
	say(truncate("/mem/d/k", 0) == 0 && fstat(fd, &u) == 0 && !u.st_size,
	    "truncate");
	close(fd);
	say(access("/mem/d/k", R_OK | W_OK) == 0, "access");
	SAY_ERROR(access("/mem/d/k", X_OK), EACCES, "access, no");
	SAY_ERROR(access("/mem/none", F_OK), ENOENT, "access, no file");
	say(statvfs("/mem/d", &v) == 0 && v.f_bsize == 4096 &&
		v.f_files == 1000 && v.f_namemax == 255,
	    "statvfs");
	umask(027);
	mkdir("/mem/u", 0777);
	say(stat("/mem/u", &s) == 0 && (s.st_mode & 0777) == 0750, "umask");
	umask(022);
	rmdir("/mem/u");
}

static int count(const char *path, const char *wanted)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)) != NULL)
		n += !wanted || strcmp(e->d_name, wanted) == 0;
	if (d)
		closedir(d);
	return n;
}

static void directories(void)
{
	char name[64];
	struct dirent *e;
	DIR *d;
	long place;
	int n = 0;

	mkdir("/mem/many", 0755);
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "/mem/many/a-longer-name-%d", i);
		n += put_file(name, "");
	}
	say(n == 500 && count("/mem/many", NULL) == 502, "a long list");
	say(count("/mem/many", "a-longer-name-499") == 1, "each once");
	say(count("/mem", "many") == 1 && count("/mem", "..") == 1, "the root");
	d = opendir("/mem/many");
	for (n = 0; n < 100; n++)
		readdir(d);
	place = telldir(d);
	e = readdir(d);
	strcpy(name, e ? e->d_name : "");
	rewinddir(d);
	e = readdir(d);
	say(e && !strcmp(e->d_name, ".") && e->d_type == DT_DIR, "rewinddir");
	seekdir(d, place);
	e = readdir(d);
	say(e && !strcmp(e->d_name, name), "seekdir");
	say(unlinkat(dirfd(d), name, 0) == 0 &&
		faccessat(dirfd(d), name, F_OK, 0) == -1,
	    "unlinkat of a directory's descriptor");
	closedir(d);
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "/mem/many/a-longer-name-%d", i);
		unlink(name);
	}
	say(rmdir("/mem/many") == 0, "and all gone");
}

void test_names(void)
{
	names();
	status();
	directories();
}
