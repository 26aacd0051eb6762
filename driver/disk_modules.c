/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order in which GRUB's modules are loaded: each after those it needs, by
 * moddep.lst, whose lines are "name: name name".
 */
#include "config.h"
#include "disk_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "util.h"

struct list {
	const char *path;
	char *text;
	size_t len;
	struct strlist *order;
	struct strlist seen; /* against circles */
};

static bool has(const struct strlist *l, struct span name)
{
	for (size_t i = 0; i < l->n; i++)
		if (span_is(name, l->v[i]))
			return true;
	return false;
}

/* What stands behind "name:". */
static struct span needs_of(const struct list *l, struct span name)
{
	struct lines lines = lines_start(l->text, l->len);
	struct span line, word;

	while (lines_next(&lines, &line)) {
		if (!span_word(&line, &word))
			continue;
		if (word.n == name.n + 1 && word.p[name.n] == ':' &&
		    memcmp(word.p, name.p, name.n) == 0)
			return line;
	}
	die(EXIT_FAILED, "'%s' doesn't name GRUB's module %.*s", l->path,
	    (int)(name.n < 60 ? name.n : 60), name.p);
}

static void add(struct list *l, struct span name)
{
	struct span needs, word;
	char *copy;

	if (has(&l->seen, name))
		return;
	copy = span_dup(name);
	strlist_push(&l->seen, copy);
	needs = needs_of(l, name);
	while (span_word(&needs, &word))
		add(l, word);
	strlist_push(l->order, copy);
	free(copy);
}

void disk_modules(const char *folder, const char *const wanted[],
		  struct strlist *order)
{
	char *path = path_join(folder, "moddep.lst");
	struct list l = {.path = path, .order = order};

	l.text = read_file(path, &l.len);
	if (!l.text)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	for (size_t i = 0; i < order->n; i++)
		strlist_push(&l.seen, order->v[i]);
	for (; *wanted; wanted++)
		add(&l, (struct span){*wanted, strlen(*wanted)});
	strlist_free(&l.seen);
	free(l.text);
	free(path);
}
