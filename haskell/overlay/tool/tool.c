/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stands for a build tool in cabal's eyes, and runs the one that is installed
 * on this machine. A build tool runs where the build runs, so the host's own
 * will do, and needs no compiling.
 *
 * TOOL_NAME and DEBIAN_NAME are its name and that of Debian's package with it;
 * TOOL_VERSION is the version that the package of cabal promises.
 *
 * cabal puts the folder of this executable first on PATH, so the tool is looked
 * for in the others. The new PATH leaves that folder out: should another copy
 * of this program be found there, it does the same, and the search ends.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_(name) #name
#define TEXT(name) TEXT_(name)
#define TOOL TEXT(TOOL_NAME)
#define DEBIAN_PACKAGE TEXT(DEBIAN_NAME)
#define VERSION TEXT(TOOL_VERSION)

enum { EXIT_MISSING = 127 };

/* The folder of this executable, as the kernel knows it. */
static void own_folder(char folder[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);

	folder[n < 0 ? 0 : n] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
}

static int is_own(const char *folder, const char *own)
{
	char real[PATH_MAX];

	return realpath(folder, real) && strcmp(real, own) == 0;
}

/* PATH without the folder own, and without the empty ones; malloced. */
static char *path_without(const char *path, const char *own)
{
	char *rest = malloc(strlen(path) + 1);
	char *copy = strdup(path);

	if (!rest || !copy)
		return NULL;
	rest[0] = '\0';
	for (char *next, *p = strtok_r(copy, ":", &next); p;
	     p = strtok_r(NULL, ":", &next)) {
		if (is_own(p, own))
			continue;
		if (rest[0])
			strcat(rest, ":");
		strcat(rest, p);
	}
	free(copy);
	return rest;
}

/*
 * Answers the question for the version, which cabal asks when it configures,
 * where it doesn't show what is said here.
 */
static int asks_version(char **argv)
{
	if (!argv[1] || argv[2])
		return 0;
	if (strcmp(argv[1], "--numeric-version") == 0)
		return puts(VERSION) >= 0;
	if (strcmp(argv[1], "--version") == 0)
		return puts(TOOL " version " VERSION) >= 0;
	return 0;
}

int main(int argc, char **argv)
{
	char own[PATH_MAX];
	const char *path = getenv("PATH");

	(void)argc;
	own_folder(own);
	char *rest = path_without(path ? path : "/usr/bin:/bin", own);
	if (!rest || setenv("PATH", rest, 1) < 0) {
		perror(TOOL ": error");
		return EXIT_FAILURE;
	}
	argv[0] = (char *)TOOL;
	execvp(TOOL, argv);
	if (errno == ENOENT && asks_version(argv))
		return EXIT_SUCCESS;
	if (errno == ENOENT)
		fprintf(stderr, TOOL
			": error: " TOOL " is not installed on this "
			"machine; install Debian's package "
			"'" DEBIAN_PACKAGE "' (apt-get install " DEBIAN_PACKAGE
			"), or give cabal a repository that has its "
			"sources\n");
	else
		fprintf(stderr, TOOL ": error: can't run it: %s\n",
			strerror(errno));
	return EXIT_MISSING;
}
