/* SPDX-License-Identifier: BSD-3-Clause */
/* files_places.c - where a path leads: folders, dots, descriptors. */
#define _GNU_SOURCE
#include "files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool here(const char *path)
{
	char b[PATH_MAX];

	return getcwd(b, sizeof(b)) && strcmp(b, path) == 0;
}

static void working_folder(void)
{
	char b[PATH_MAX], small[4];

	getcwd(b, sizeof(b));
	say(chdir("/mem") == 0 && here("/mem"), "chdir to the mount point");
	say(mkdir("w", 0755) == 0 && chdir("w") == 0 && here("/mem/w"),
	    "relative from there");
	say(put_file("x", "x") && file_is("/mem/w/x", "x"), "a relative file");
	say(file_is("../w/./x", "x") && file_is(".././/w//x", "x"), "dots");
	for (int i = 0; i < 2000; i++)
		if (chdir("../w"))
			say(false, "round %d", i);
	say(here("/mem/w"), "round and round");
	SAY_ERROR(getcwd(small, sizeof(small)) ? 0 : -1, ERANGE,
		  "getcwd without room");
	SAY_ERROR(chdir("x"), ENOTDIR, "a file is no folder");
	say(access("../../dev/null", F_OK) == 0, "out of the mount by dots");
	say(access("../../mem/w/x", F_OK) == 0, "out and in");
	say(chdir("../..") == 0 && here("/"), "chdir out of it");
	say(file_is("mem/w/x", "x"), "into it from /");
	say(chdir("/dev") == 0 && here("/dev") && file_is("../mem/w/x", "x"),
	    "into it from elsewhere");
	say(chdir(b) == 0 && here(b), "back again");
}

static void descriptors(void)
{
	int fd = open("/mem/w", O_RDONLY | O_DIRECTORY), root, file;
	struct stat s, t;

	file = openat(fd, "y", O_RDWR | O_CREAT, 0600);
	say(file >= 0 && write(file, "y", 1) == 1, "openat");
	SAY_ERROR(openat(file, "y", O_RDONLY), ENOTDIR, "openat of a file");
	close(file);
	say(file_is("/mem/w/y", "y"), "it is there");
	say(mkdirat(fd, "m", 0700) == 0 && fstatat(fd, "m", &s, 0) == 0 &&
		S_ISDIR(s.st_mode),
	    "mkdirat, fstatat");
	say(renameat(fd, "y", fd, "m/z") == 0 && file_is("/mem/w/m/z", "y"),
	    "renameat");
	say(symlinkat("m/z", fd, "s") == 0 &&
		linkat(fd, "s", fd, "t", AT_SYMLINK_FOLLOW) == 0 &&
		fstatat(fd, "t", &s, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(s.st_mode),
	    "symlinkat, linkat");
	say(fstatat(fd, "../../dev/null", &s, 0) == 0 && S_ISCHR(s.st_mode),
	    "out by a descriptor");
	root = open("/", O_RDONLY | O_DIRECTORY);
	say(fstatat(root, "mem/w", &s, 0) == 0 && fstat(fd, &t) == 0 &&
		s.st_ino == t.st_ino,
	    "in by one of the target's");
	say(fchdir(fd) == 0 && here("/mem/w"), "fchdir");
	say(fchdir(root) == 0 && here("/"), "fchdir out");
	SAY_ERROR(unlinkat(fd, "m", AT_REMOVEDIR), ENOTEMPTY, "unlinkat");
	unlinkat(fd, "m/z", 0);
	say(unlinkat(fd, "m", AT_REMOVEDIR) == 0, "a directory, too");
	close(root);
	close(fd);
}

static void long_names(void)
{
	static char path[2 * PATH_MAX];

	memset(path, 'a', sizeof(path) - 1);
	memcpy(path, "/mem/", 5);
	SAY_ERROR(open(path, O_RDONLY), ENAMETOOLONG, "longer than PATH_MAX");
	path[4000] = 0;
	SAY_ERROR(open(path, O_RDONLY), ENAMETOOLONG, "a name of 4000");
	for (int i = 5; i < 4001; i += 200)
		path[i + 199] = '/';
	path[4000] = 0;
	SAY_ERROR(open(path, O_RDONLY), ENOENT, "a path of 4000");
	SAY_ERROR(open("", O_RDONLY), ENOENT, "an empty path");
	SAY_ERROR(open("/mem/inner/../../mem/nowhere/../w/x", O_RDONLY), ENOENT,
		  "dots behind what isn't there");
}

static void inner(void)
{
	say(put_file("/mem/inner/q", "q"), "a file in the inner mount");
	say(chdir("/mem/inner") == 0 && file_is("../w/x", "x"),
	    "from the inner to the outer one");
	say(chdir("/mem/w") == 0 && file_is("../inner/q", "q"), "and back");
	SAY_ERROR(rename("x", "../inner/x"), EXDEV, "but not by rename");
	chdir("/");
	unlink("/mem/inner/q");
}

void test_places(void)
{
	working_folder();
	descriptors();
	long_names();
	inner();
}
