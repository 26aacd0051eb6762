/* SPDX-License-Identifier: BSD-3-Clause */
/* Target descriptions: see target.h. */
#include "config.h"
#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { ANY_TEXT, WORD, FILE_NAME };

/* In the order in which missing keys are reported. */
static const struct key {
	const char *name;
	size_t at;
	enum value_kind kind;
	bool optional;
} keys[] = {
    {"name", offsetof(struct target, name), WORD, false},
    {"title", offsetof(struct target, title), ANY_TEXT, false},
    {"syscalls", offsetof(struct target, syscalls), WORD, false},
    {"strict-syscalls", offsetof(struct target, strict_syscalls), WORD, true},
    {"runtime", offsetof(struct target, runtime), FILE_NAME, false},
    {"provide", offsetof(struct target, provide), FILE_NAME, true},
    {"script", offsetof(struct target, script), FILE_NAME, false},
    {"format", offsetof(struct target, format), WORD, false},
    {"run", offsetof(struct target, run), WORD, true},
    {"boot", offsetof(struct target, boot), WORD, true},
    {"machines", offsetof(struct target, machines), ANY_TEXT, true},
    {"root", offsetof(struct target, root), WORD, true},
};

static char **field(struct target *t, const struct key *k)
{
	return (char **)((char *)t + k->at);
}

/* Lower-case words joined by - or _; they also serve as folder names. */
static bool is_word(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool mid = c == '-' || c == '_';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    !(mid && i > 0))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

static bool is_file_name(struct span s)
{
	return s.n > 0 && !memchr(s.p, '/', s.n) && !span_is(s, ".") &&
	       !span_is(s, "..");
}

static bool take_key(void *arg, unsigned line, struct span key,
		     struct span value, struct parse_error *e)
{
	struct target *t = arg;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key *k = &keys[i];
		if (!span_is(key, k->name))
			continue;
		if (*field(t, k))
			return parse_fail(e, line, "'%s' is given twice",
					  k->name);
		if (!value.n)
			return parse_fail(e, line, "'%s' has no value",
					  k->name);
		if (k->kind == WORD && !is_word(value))
			return parse_fail(
			    e, line, "'%s' must be a lower-case word", k->name);
		if (k->kind == FILE_NAME && !is_file_name(value))
			return parse_fail(
			    e, line, "'%s' must be a plain file name", k->name);
		*field(t, k) = span_dup(value);
		return true;
	}
	return parse_fail(e, line, "unknown key '%.*s'",
			  (int)(key.n < 60 ? key.n : 60), key.p);
}

/* Names of machines with blanks between them. */
static bool are_machines(const char *list)
{
	static const char name[] = TARGET_MACHINE_CHARS;

	while (*list) {
		size_t n = strspn(list, name);
		if (!n)
			return false;
		list += n;
		list += strspn(list, " \t");
	}
	return true;
}

/* What one key asks of the others. */
static bool check_keys(const struct target *t, struct parse_error *e)
{
	bool boots = t->run && strcmp(t->run, "qemu") == 0;

	if (boots && !t->boot)
		return parse_fail(
		    e, 0, "'run = qemu' needs 'boot', which is missing");
	if (t->boot && strcmp(t->boot, "pvh") != 0 && !target_boots_disk(t))
		return parse_fail(e, 0, "'boot' must be pvh or disk");
	if (boots && !t->machines)
		return parse_fail(
		    e, 0, "'run = qemu' needs 'machines', which is missing");
	if (t->machines && !are_machines(t->machines))
		return parse_fail(
		    e, 0, "'machines' must be names, blanks between them");
	return true;
}

bool target_parse(const char *buf, size_t len, struct target *t,
		  struct parse_error *e)
{
	*t = (struct target){0};
	bool ok = conf_parse(buf, len, take_key, t, e);
	for (size_t i = 0; ok && i < ARRAY_SIZE(keys); i++) {
		if (!keys[i].optional && !*field(t, &keys[i]))
			ok = parse_fail(e, 0, "'%s' is missing", keys[i].name);
	}
	ok = ok && check_keys(t, e);
	if (!ok)
		target_free(t);
	else if (!t->strict_syscalls)
		t->strict_syscalls = xstrdup(t->syscalls);
	return ok;
}

void target_free(struct target *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		free(*field(t, &keys[i]));
	*t = (struct target){0};
}

static char *target_dir(const struct install *in, const char *name)
{
	char *all = path_join(in->libdir, "targets");
	char *dir = path_join(all, name);
	free(all);
	return dir;
}

static void replace(char **s, char *by)
{
	free(*s);
	*s = by;
}

void target_list(const struct install *in, struct strlist *names)
{
	char *all = path_join(in->libdir, "targets");
	DIR *d = opendir(all);
	struct dirent *entry;
	while (d && (entry = readdir(d))) {
		struct span s = {entry->d_name, strlen(entry->d_name)};
		if (!is_word(s))
			continue;
		char *dir = target_dir(in, entry->d_name);
		char *conf = path_join(dir, "target.conf");
		if (file_exists(conf))
			strlist_push(names, entry->d_name);
		free(conf);
		free(dir);
	}
	if (d)
		closedir(d);
	strlist_sort(names);
	free(all);
}

static _Noreturn void die_unknown(const struct install *in, const char *name)
{
	struct strlist known = {0};
	target_list(in, &known);
	if (!known.n)
		die(EXIT_FAILED,
		    "there are no targets in '%s/targets'; "
		    "the installation is incomplete",
		    in->libdir);
	die(EXIT_USAGE, "unknown target '%s'; the known ones: %s", name,
	    strlist_join(&known, ", "));
}

void target_load(const struct install *in, const char *name, struct target *t)
{
	struct parse_error e;
	size_t len = 0;
	if (!is_word((struct span){name, strlen(name)}))
		die_unknown(in, name);
	char *dir = target_dir(in, name);
	char *conf = path_join(dir, "target.conf");
	char *text = read_file(conf, &len);
	if (!text && (errno == ENOENT || errno == ENOTDIR))
		die_unknown(in, name);
	if (!text)
		die(EXIT_FAILED, "can't read '%s': %s", conf, strerror(errno));
	if (!target_parse(text, len, t, &e))
		parse_die(conf, &e);
	if (strcmp(t->name, name) != 0)
		die(EXIT_FAILED, "%s: the name in it is '%s', not '%s'", conf,
		    t->name, name);
	replace(&t->runtime, path_join(dir, t->runtime));
	replace(&t->script, path_join(dir, t->script));
	if (t->provide)
		replace(&t->provide, path_join(dir, t->provide));
	t->built = file_exists(t->runtime);
	free(text);
	free(conf);
	free(dir);
}

void target_need_built(const struct install *in, const struct target *t)
{
	struct strlist all = {0}, built = {0};
	if (t->built)
		return;
	target_list(in, &all);
	for (size_t i = 0; i < all.n; i++) {
		struct target other;
		target_load(in, all.v[i], &other);
		if (other.built)
			strlist_push(&built, all.v[i]);
		target_free(&other);
	}
	die(EXIT_FAILED,
	    "target '%s' is known, but its runtime isn't built: there is no "
	    "'%s'; %s%s",
	    t->name, t->runtime,
	    built.n ? "the built ones: " : "no target's runtime is",
	    strlist_join(&built, ", "));
}

void target_need_root(const struct target *t)
{
	if (!t->root || strcmp(t->root, "segment") != 0)
		die(EXIT_USAGE, "--root: an image for '%s' holds no files%s",
		    t->name,
		    t->run && strcmp(t->run, "host") == 0
			? ": it sees those of the machine that it runs on"
			: "");
}

bool target_boots_disk(const struct target *t)
{
	return t->boot && strcmp(t->boot, "disk") == 0;
}

char *target_machine(const struct target *t, const char *asked)
{
	const char *at = t->machines ? t->machines : "";
	size_t n = strcspn(at, " \t");

	if (!asked)
		return xstrndup(at, n);
	for (; *at; at += n + strspn(at + n, " \t")) {
		n = strcspn(at, " \t");
		/* pc-q35-7.2 is a pc of a release of QEMU's. */
		if (strncmp(asked, at, n) == 0 &&
		    (!asked[n] || asked[n] == '-'))
			return xstrdup(asked);
	}
	die(EXIT_USAGE, "--machine=%s: an image for %s boots on one of: %s",
	    asked, t->name, t->machines);
}

const char *target_choice(const char *given)
{
	const char *env = getenv("HALVM_TARGET");
	if (given)
		return given;
	return env && *env ? env : TARGET_DEFAULT;
}
