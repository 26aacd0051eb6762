/* SPDX-License-Identifier: BSD-3-Clause */
/* What a guest is told on its command line, by any carrier: see run.h. */
#include "config.h"
#include "run.h"

#include "guest_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *run_quote_shell(const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "%+,-./:=@_";
	char *out, *p;

	if (*word && !word[strspn(word, plain)])
		return xstrdup(word);
	p = out = xmalloc(4 * strlen(word) + 3);
	*p++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			p = stpcpy(p, "'\\''");
		else
			*p++ = *word;
	}
	strcpy(p, "'");
	return out;
}

/* What any program may need of ours; all else is asked for by --env. */
static void guest_environment(const struct run_plan *p, char **line)
{
	static const char *const kept[] = {"LANG", "LC_ALL", "LC_CTYPE",
					   "TERM"};
	bool terminal = p->tty[0] || p->tty[1] || p->tty[2];

	for (size_t i = 0; i < ARRAY_SIZE(kept) && !p->args->clear_env; i++) {
		const char *value = getenv(kept[i]);
		if (!value || (strcmp(kept[i], "TERM") == 0 && !terminal))
			continue;
		char *word = xasprintf("%s=%s", kept[i], value);
		guest_line_option(line, "env", word);
		free(word);
	}
	for (size_t i = 0; i < p->args->env.n; i++)
		guest_line_option(line, "env", p->args->env.v[i]);
}

static void guest_streams(const struct run_plan *p, char **line)
{
	static const char *const names[] = {"stdin", "stdout", "stderr"};
	char size[32];

	for (int i = 0; i < 3; i++)
		guest_line_option(line, names[i],
				  p->closed[i] ? "closed"
				  : p->tty[i]  ? "tty"
					       : "pipe");
	if (p->rows && p->columns) {
		snprintf(size, sizeof(size), "%ux%u", p->rows, p->columns);
		guest_line_option(line, "tty-size", size);
	}
}

char *run_guest_line(const struct run_plan *p, const char *devices, size_t max)
{
	const struct run_args *a = p->args;
	char *line = xstrdup("");

	guest_line_option(&line, "framed", "1");
	guest_line_text(&line, devices);
	guest_streams(p, &line);
	if (a->log_level)
		guest_line_option(&line, "log", a->log_level);
	if (a->host_name)
		guest_line_option(&line, "host", a->host_name);
	if (a->cwd)
		guest_line_option(&line, "cwd", a->cwd);
	guest_environment(p, &line);
	guest_line_option(&line, "argv0", a->image);
	guest_line_word(&line, "--");
	for (size_t i = 0; i < a->args.n; i++)
		guest_line_word(&line, a->args.v[i]);
	if (strlen(line) > max)
		die(EXIT_FAILED,
		    "arguments and environment take %zu bytes together; a "
		    "machine is given at most %zu: put them in a file of "
		    "--root",
		    strlen(line), max);
	return line;
}
