/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/xlconf.c: what is written is what xl reads. */
#include "config.h"

#include <stdint.h>

#include "check.h"
#include "util.h"
#include "xlconf.h"

/*
 * A string at *p as libxlu reads it, in its own words: the pattern of its
 * lexer, \"([^\"\\\n]|\\.)*\", and its escapes. NULL if it wouldn't take it;
 * *p is then behind it.
 */
static char *read_string(const char **p)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *s = *p;
	char *out, *q;

	if (*s++ != '"')
		return NULL;
	q = out = xmalloc(strlen(s) + 1);
	for (; *s && *s != '"' && *s != '\n'; s++) {
		if (*s != '\\') {
			*q++ = *s;
			continue;
		}
		s++;
		const char *letter = *s ? strchr(letters, *s) : NULL;
		if (letter)
			*q++ = values[letter - letters];
		else if (*s == '"' || *s == '\'' || *s == '\\')
			*q++ = *s;
		else
			break;
	}
	*q = 0;
	*p = s + 1;
	if (*s == '"')
		return out;
	free(out);
	return NULL;
}

static char *written(const struct xlconf *c)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	xlconf_write(f, c);
	fclose(f);
	return text;
}

/* Value of a key whose line is KEY = VALUE; "" if there is none. */
static char *value(const char *text, const char *key)
{
	char *start = xasprintf("\n%s = ", key);
	char *all = xasprintf("\n%s", text), *at = strstr(all, start), *v;

	if (!at) {
		v = xstrdup("");
	} else {
		const char *p = at + strlen(start);
		v = *p == '"' ? read_string(&p) : xstrndup(p, strcspn(p, "\n"));
		if (v && *p != '"' && *at == '"' && *p != '\n') {
			free(v);
			v = NULL;
		}
	}
	free(all);
	free(start);
	return v ? v : xstrdup("(broken)");
}

static void has(const struct xlconf *c, const char *key, const char *want)
{
	char *text = written(c), *got = value(text, key);

	check(strcmp(got, want) == 0, "%s is %s", key, want);
	free(got);
	free(text);
}

static void test_file(void)
{
	struct xlconf c = {.name = "halvm-1",
			   .kernel = "/srv/my \"image\"",
			   .line = "halvm.framed=1 -- \"a \\\" b\" '",
			   .memory = 64 << 20,
			   .vcpus = 2};

	has(&c, "name", "halvm-1");
	has(&c, "type", "pvh");
	has(&c, "kernel", "/srv/my \"image\"");
	has(&c, "cmdline", "halvm.framed=1 -- \"a \\\" b\" '");
	has(&c, "ramdisk", "");
	has(&c, "memory", "64");
	has(&c, "vcpus", "2");
	has(&c, "on_poweroff", "destroy");
	has(&c, "on_reboot", "restart");
	c.preserve = true;
	c.ramdisk = "r";
	c.memory++;
	c.line = NULL;
	has(&c, "ramdisk", "r");
	has(&c, "memory", "65");
	has(&c, "cmdline", "");
	has(&c, "on_poweroff", "preserve");
	has(&c, "on_reboot", "preserve");
	has(&c, "on_crash", "preserve");
	has(&c, "on_watchdog", "preserve");
	c.more = "maxmem = 99";
	has(&c, "maxmem", "99");
}

static void test_strings(void)
{
	char all[256], *string, *back;
	const char *p;

	for (int i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	all[255] = 0;
	p = string = xlconf_string(all);
	back = read_string(&p);
	check(back && strcmp(back, all) == 0 && !*p, "all bytes");
	check(!strchr(string, '\n'), "on one line");
	free(back);
	free(string);
	string = xlconf_string("");
	check_str(string, "\"\"", "an empty string");
	free(string);
}

static void nameless(void *arg)
{
	struct xlconf c = {.name = arg, .kernel = "k"};

	xlconf_write(stdout, &c);
}

static void without_kernel(void *arg)
{
	struct xlconf c = {.name = "n", .kernel = arg};

	xlconf_write(stdout, &c);
}

int main(void)
{
	halvm_set_progname("test");
	test_file();
	test_strings();
	check(xlconf_mebibytes(1) == 1 && xlconf_mebibytes(0) == 0 &&
		  xlconf_mebibytes(UINT64_MAX) == UINT64_C(1) << 44,
	      "mebibytes");
	check_dies(nameless, "", 2, "name", "no name");
	check_dies(without_kernel, NULL, 2, "kernel", "no kernel");
	return check_done();
}
