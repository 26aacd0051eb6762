/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Configurations of xl: see xlconf.h.
 *
 * How strings are read is said by tools/libs/util/libxlu_cfg_l.l and
 * xlu__cfgl_dequote() in libxlu_cfg.c (of Xen 4.11 to 4.17): a string ends
 * with its line, a backslash before a quote or a backslash stands for that
 * character, and \a \b \f \n \r \t \v are C's. Numeric escapes are broken
 * there. All other bytes stand for themselves, those above 0x7f too.
 */
#include "config.h"
#include "xlconf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define MIB ((uint64_t)1024 * 1024)

char *xlconf_string(const char *text)
{
	char *out = xmalloc(2 * strlen(text) + 3), *p = out;

	*p++ = '"';
	for (; *text; text++) {
		if (*text == '\n') {
			*p++ = '\\';
			*p++ = 'n';
			continue;
		}
		if (*text == '"' || *text == '\\')
			*p++ = '\\';
		*p++ = *text;
	}
	*p++ = '"';
	*p = '\0';
	return out;
}

uint64_t xlconf_mebibytes(uint64_t bytes)
{
	return bytes / MIB + (bytes % MIB != 0);
}

static void set(FILE *out, const char *key, const char *value)
{
	char *string = xlconf_string(value);

	fprintf(out, "%s = %s\n", key, string);
	free(string);
}

static void need(const char *what, const char *text)
{
	if (!text || !*text)
		die(EXIT_USAGE, "xl's configuration needs a %s", what);
}

void xlconf_write(FILE *out, const struct xlconf *c)
{
	const char *end = c->preserve ? "preserve" : "destroy";

	need("name of the domain", c->name);
	need("kernel", c->kernel);
	set(out, "name", c->name);
	set(out, "type", "pvh");
	set(out, "kernel", c->kernel);
	if (c->ramdisk)
		set(out, "ramdisk", c->ramdisk);
	if (c->line)
		set(out, "cmdline", c->line);
	fprintf(out, "memory = %" PRIu64 "\n", xlconf_mebibytes(c->memory));
	fprintf(out, "vcpus = %u\n", c->vcpus);
	set(out, "on_poweroff", end);
	set(out, "on_reboot", c->preserve ? end : "restart");
	set(out, "on_crash", end);
	set(out, "on_watchdog", end);
	set(out, "on_soft_reset", end);
	/* Of a key that is there twice, the last value counts. */
	if (c->more)
		fprintf(out, "%s\n", c->more);
}
