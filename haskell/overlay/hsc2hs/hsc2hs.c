/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs halvm-hsc2hs, which knows the sysroot's headers. It is the one beside
 * the C compiler that cabal names (--cc=…/halvm-cc), else $HALVM_HSC2HS, else
 * the one on PATH.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMAND "halvm-hsc2hs"

/* The value of the last --cc= or -c argument, or NULL. */
static const char *c_compiler(char **argv)
{
	const char *cc = NULL;

	for (int i = 1; argv[i]; i++) {
		if (strncmp(argv[i], "--cc=", 5) == 0)
			cc = argv[i] + 5;
		else if (strcmp(argv[i], "-c") == 0 && argv[i + 1])
			cc = argv[++i];
	}
	return cc;
}

/* COMMAND in the folder of file; malloced, or NULL if it isn't there. */
static char *beside(const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t n = slash ? (size_t)(slash - file) + 1 : 0;
	char *name = malloc(n + sizeof(COMMAND));

	if (!n || !name)
		return NULL;
	memcpy(name, file, n);
	strcpy(name + n, COMMAND);
	return access(name, X_OK) == 0 ? name : NULL;
}

int main(int argc, char **argv)
{
	const char *cc = c_compiler(argv);
	const char *name = cc ? beside(cc) : NULL;

	(void)argc;
	if (!name)
		name = getenv("HALVM_HSC2HS");
	if (!name || !*name)
		name = COMMAND;
	argv[0] = (char *)name;
	execvp(name, argv);
	fprintf(stderr,
		"hsc2hs: error: can't run '%s': %s; add the folder of HaLVM's "
		"commands to PATH\n",
		name, strerror(errno));
	return 127;
}
