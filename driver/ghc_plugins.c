/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Compiler plugins that sources ask for. The compiler itself refuses those of
 * its command line; of a pragma it says "Plugins require
 * -fno-external-interpreter", which is no way out here.
 */
#include "config.h"

#include "ghc.h"

#include "own_leaf.h"

#include <string.h>

static bool has(const char *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word));
}

/* The length of what comes before the module's own text. */
static size_t header(const char *text, size_t len)
{
	static const char *const starts[] = {"\nmodule ", "\nimport "};
	const char *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		p = memmem(text, len, starts[i], strlen(starts[i]));
		if (p)
			len = (size_t)(p - text);
	}
	return len;
}

/* A warning, as the pragma may stand in an #if that isn't taken. */
static void look(void *arg, const char *path, const char *text, size_t len)
{
	const char *end = text + header(text, len), *p = text, *close;
	size_t n;

	(void)arg;
	while ((p = memmem(p, (size_t)(end - p), "{-#", 3))) {
		close = memmem(p, (size_t)(end - p), "#-}", 3);
		n = (size_t)((close ? close : end) - p);
		if (has(p, n, "OPTIONS") &&
		    (has(p, n, "-fplugin=") || has(p, n, "-fplugin "))) {
			warn("%s asks for a compiler plugin (OPTIONS_GHC "
			     "-fplugin): code can't be loaded into the "
			     "compiler, as what it compiles is for another C "
			     "library than its own. If GHC ends with \"Plugins "
			     "require ...\", take the pragma out, or see "
			     "whether a flag of the package does; splices work "
			     "without",
			     path);
			return;
		}
		p += n;
	}
}

void ghc_look_for_plugins(const struct strlist *args)
{
	struct own_line l;

	own_line_read(args, &l);
	own_line_modules(&l, look, NULL);
	own_line_free(&l);
}
