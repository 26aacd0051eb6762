/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * root.c - a provider of all files: those of /, but for /dev and /proc.
 */
#define _GNU_SOURCE
#include "memory_files.h"
#include "say.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int say_failed;

static struct halvm_files_provider table;

__attribute__((__constructor__)) static void provide(void)
{
	table = memory_files("/");
	say(halvm_provide_files(&table) == 0, "a provider of /");
}

static bool here(const char *path)
{
	char b[256];

	return getcwd(b, sizeof(b)) && strcmp(b, path) == 0;
}

static int entries(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

int main(void)
{
	char link[] = "/tmp/x", b[16];
	struct stat s, t;
	int fd;
	FILE *f;

	say(here("/"), "it is the working folder");
	say(entries("/") == 2, "nothing is in it");
	SAY_ERROR(open("/etc/passwd", O_RDONLY), ENOENT,
		  "nothing of the target");
	say(stat("/dev/null", &s) == 0 && S_ISCHR(s.st_mode), "but /dev");
	say(access("/proc/self/fd", F_OK) == 0, "and /proc");
	say(stat("/", &s) == 0 && stat("/dev", &t) == 0 && s.st_dev != t.st_dev,
	    "they are others");
	say(mkdir("tmp", 0755) == 0 && entries("/") == 3, "mkdir");
	f = fopen("tmp/y", "w");
	say(f && fputs("text", f) >= 0 && fclose(f) == 0, "a stream");
	say(symlink("y", link) == 0 && readlink(link, b, sizeof(b)) == 1,
	    "a link");
	say(stat("/../tmp/../../tmp/x", &s) == 0 && s.st_size == 4,
	    "more dots than folders");
	say(chdir("/dev") == 0 && here("/dev"), "chdir to the target's");
	say(access("null", F_OK) == 0 && access("../tmp/y", F_OK) == 0,
	    "from there");
	say(chdir("../tmp") == 0 && here("/tmp") && access("y", F_OK) == 0,
	    "and back");
	fd = open("/dev/null", O_WRONLY);
	say(write(fd, "x", 1) == 1 && close(fd) == 0, "/dev/null works");
	say(access("../dev/null", W_OK) == 0, "by dots, too");
	fd = mkstemp(strcpy(b, "/tmp/mXXXXXX"));
	say(fd > 2 && unlink(b) == 0 && write(fd, "z", 1) == 1,
	    "a file without a name");
	close(fd);
	say(realpath("/tmp/./x", NULL) &&
		!strcmp(realpath("/tmp/./x", NULL), "/tmp/y"),
	    "realpath");
	say(memory_files_open == 0, "all is closed");
	printf("%d failed\n", say_failed);
	return say_failed != 0;
}
