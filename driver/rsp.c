/* SPDX-License-Identifier: BSD-3-Clause */
/* Response files: see rsp.h. */
#include "config.h"
#include "rsp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nobody nests deeper but by mistake. */
enum { MAX_DEPTH = 32 };

static bool white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Reads one argument at *at into word, which has room for the whole text.
 * Returns the quote that is still open at the end, or 0.
 */
static char parse_word(const char *buf, size_t len, size_t *at, char *word)
{
	char quote = 0;
	size_t i = *at, n = 0;
	for (; i < len && (quote || !white(buf[i])); i++) {
		char c = buf[i];
		if (c == '\\' && i + 1 < len) {
			c = buf[++i];
			if (c == 'n' && quote == '"')
				c = '\n';
			word[n++] = c;
		} else if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
		} else {
			word[n++] = c;
		}
	}
	word[n] = '\0';
	*at = i;
	return quote;
}

static unsigned line_of(const char *buf, size_t at)
{
	unsigned line = 1;
	for (size_t i = 0; i < at; i++)
		line += buf[i] == '\n';
	return line;
}

bool rsp_parse(const char *buf, size_t len, struct strlist *out,
	       struct parse_error *e)
{
	const char *nul = len ? memchr(buf, '\0', len) : NULL;
	if (nul)
		return parse_fail(e, line_of(buf, (size_t)(nul - buf)),
				  "there is a NUL byte");
	char *word = xmalloc(len + 1);
	for (size_t at = 0;;) {
		while (at < len && white(buf[at]))
			at++;
		if (at == len)
			break;
		size_t start = at;
		char open = parse_word(buf, len, &at, word);
		if (open) {
			free(word);
			return parse_fail(e, line_of(buf, start),
					  "a %c is opened and not closed",
					  open);
		}
		strlist_push(out, word);
	}
	free(word);
	return true;
}

static void expand(const char *arg, struct strlist *out, unsigned depth)
{
	struct parse_error e;
	size_t len;
	char *text = arg[0] == '@' ? read_file(arg + 1, &len) : NULL;
	if (!text) {
		if (arg[0] == '@' && errno != ENOENT && errno != ENOTDIR)
			die(EXIT_FAILED, "can't read '%s': %s", arg + 1,
			    strerror(errno));
		strlist_push(out, arg);
		return;
	}
	if (depth == MAX_DEPTH)
		die(EXIT_FAILED,
		    "response file '%s' is nested more than %d deep; "
		    "does it name itself?",
		    arg + 1, MAX_DEPTH);
	struct strlist inner = {0};
	if (!rsp_parse(text, len, &inner, &e))
		parse_die(arg + 1, &e);
	free(text);
	for (size_t i = 0; i < inner.n; i++)
		expand(inner.v[i], out, depth + 1);
	strlist_free(&inner);
}

void rsp_expand(char *const argv[], struct strlist *out)
{
	for (size_t i = 1; argv[0] && argv[i]; i++)
		expand(argv[i], out, 0);
}

/* Backslashes alone read the same in GCC's programs, GHC's and ours. */
static bool special(char c)
{
	return white(c) || c == '\\' || c == '"' || c == '\'';
}

char *rsp_text(const struct strlist *args)
{
	size_t size = 1, n = 0;
	for (size_t i = 0; i < args->n; i++)
		size += 2 * strlen(args->v[i]) + 3;
	char *text = xmalloc(size);
	for (size_t i = 0; i < args->n; i++) {
		const char *s = args->v[i];
		if (!*s) {
			text[n++] = '"';
			text[n++] = '"';
		}
		for (; *s; s++) {
			if (special(*s))
				text[n++] = '\\';
			text[n++] = *s;
		}
		text[n++] = '\n';
	}
	text[n] = '\0';
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
}

void rsp_exec(const struct strlist *argv)
{
	/* Linux gives arguments and environment at least 2 MiB together. */
	enum { LIMIT = 1 << 19 };
	size_t size = 0;
	for (size_t i = 0; i < argv->n; i++)
		size += strlen(argv->v[i]) + 1 + sizeof(char *);
	if (size < LIMIT)
		run_exec(argv->v);
	struct strlist args = {0}, call = {0};
	for (size_t i = 1; i < argv->n; i++)
		strlist_push(&args, argv->v[i]);
	char *path = path_join(temp_dir(), "args.rsp");
	write_file(path, rsp_text(&args));
	strlist_push(&call, argv->v[0]);
	strlist_pushf(&call, "@%s", path);
	run_exec(call.v);
}
