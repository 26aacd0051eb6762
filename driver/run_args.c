/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of halvm-run: see run.h. */
#include "config.h"
#include "run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum what {
	SET_ACCEL,
	SET_CLEAR_ENV,
	SET_CONSOLE,
	SET_CONTROLLER,
	SET_CPUS,
	SET_CWD,
	SET_DRY_RUN,
	SET_FIRMWARE,
	ADD_ENV,
	SET_GDB,
	ASK_HELP,
	SET_HOST_NAME,
	SET_LOG,
	SET_LOG_LEVEL,
	SET_MACHINE,
	SET_MEMORY,
	SET_QEMU,
	ADD_QEMU_ARG,
	ADD_XL_ARG,
	SET_ROOT,
	SET_TIMEOUT,
	SET_VERBOSE,
	ASK_VERSION
};

enum value { NONE, NEEDED, MAY_BE };

static const struct row {
	const char *name;
	enum value value;
	enum what what;
} rows[] = {
    {"--accel", NEEDED, SET_ACCEL},
    {"--clear-env", NONE, SET_CLEAR_ENV},
    {"--console", NEEDED, SET_CONSOLE},
    {"--cpus", NEEDED, SET_CPUS},
    {"--cwd", NEEDED, SET_CWD},
    {"--disk-controller", NEEDED, SET_CONTROLLER},
    {"--dry-run", NONE, SET_DRY_RUN},
    {"--firmware", NEEDED, SET_FIRMWARE},
    {"--env", NEEDED, ADD_ENV},
    {"--gdb", MAY_BE, SET_GDB},
    {"--help", NONE, ASK_HELP},
    {"--host-name", NEEDED, SET_HOST_NAME},
    {"--log", NEEDED, SET_LOG},
    {"--log-level", NEEDED, SET_LOG_LEVEL},
    {"--machine", NEEDED, SET_MACHINE},
    {"--memory", NEEDED, SET_MEMORY},
    {"--qemu", NEEDED, SET_QEMU},
    {"--qemu-arg", NEEDED, ADD_QEMU_ARG},
    {"--root", NEEDED, SET_ROOT},
    {"--timeout", NEEDED, SET_TIMEOUT},
    {"--verbose", NONE, SET_VERBOSE},
    {"--version", NONE, ASK_VERSION},
    {"--xl-arg", NEEDED, ADD_XL_ARG},
    {"-v", NONE, SET_VERBOSE},
};

/* Ports and numbers of CPUs. */
enum { GDB_PORT = 1234, PORT_MAX = 65535, CPUS_MAX = 255 };

static void set(char **where, const char *value)
{
	free(*where);
	*where = xstrdup(value);
}

static unsigned number(const char *option, const char *text, unsigned max)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || v < 1 || v > max)
		die(EXIT_USAGE, "%s=%s: must be a number from 1 to %u", option,
		    text, max);
	return (unsigned)v;
}

static int choice(const char *option, const char *text,
		  const char *const words[], int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	char *first = xstrdup(words[0]);
	for (int i = 1; i < n - 1; i++) {
		char *longer = xasprintf("%s, %s", first, words[i]);
		free(first);
		first = longer;
	}
	die(EXIT_USAGE, "%s=%s: must be %s or %s", option, text, first,
	    words[n - 1]);
}

static const char *const accels[] = {"auto", "kvm", "tcg"};

static enum run_accel accel(const char *option, const char *text)
{
	return (enum run_accel)choice(option, text, accels, 3);
}

uint64_t run_memory_size(const char *text)
{
	static const char units[] = "KMGT";
	char *unit;
	uint64_t n = strtoull(text, &unit, 10);
	const char *at = strchr(units, *unit & ~0x20);

	return n << 10 * (at - units + 1);
}

/* SIZE, with K, M, G or T after it: MiB without. */
static char *memory(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits;

	if (digits == 0 || digits > 12 || strspn(text, "0") == digits ||
	    strlen(unit) > 1 || !strchr("KkMmGgTt", *unit))
		die(EXIT_USAGE,
		    "--memory=%s: must be a number with K, M (default), G or T "
		    "after it",
		    text);
	return xasprintf("%.*s%c", (int)digits, text, *unit ? *unit : 'M');
}

static double seconds(const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (*text < '.' || *text > '9' || *end || !isfinite(v) || v <= 0 ||
	    v > 1e9)
		die(EXIT_USAGE,
		    "--timeout=%s: must be a number of seconds above 0", text);
	return v;
}

/* NAME=VALUE, or NAME with the value that it has here. */
static void add_env(struct run_args *a, const char *text)
{
	const char *value;

	if (*text == '=' || !*text)
		die(EXIT_USAGE, "--env=%s: the name is empty", text);
	if (strchr(text, '=')) {
		strlist_push(&a->env, text);
		return;
	}
	value = getenv(text);
	if (value)
		strlist_pushf(&a->env, "%s=%s", text, value);
	else
		warn("--env=%s: it isn't set here, so the program doesn't get "
		     "it",
		     text);
}

static void set_machine(struct run_args *a, const char *text)
{
	/* Commas would bring in options of QEMU's. */
	if (!*text || text[strspn(text, TARGET_MACHINE_CHARS)])
		die(EXIT_USAGE, "--machine=%s: no name of a machine", text);
	set(&a->machine, text);
}

static void not_empty(const char *option, const char *text)
{
	if (!*text)
		die(EXIT_USAGE, "%s= needs a value", option);
}

static void set_device(struct run_args *a, const struct row *r,
		       const char *value)
{
	static const char *const consoles[] = {"serial", "virtio"};
	static const char *const controllers[] = {"pvscsi", "ahci", "ide",
						  "lsi"};
	static const char *const firmwares[] = {"bios", "uefi"};

	if (r->what == SET_CONSOLE)
		a->console =
		    CONSOLE_SERIAL + choice(r->name, value, consoles, 2);
	else if (r->what == SET_CONTROLLER)
		a->controller =
		    CONTROLLER_PVSCSI + choice(r->name, value, controllers, 4);
	else
		a->firmware =
		    FIRMWARE_BIOS + choice(r->name, value, firmwares, 2);
}

static const char *const levels[] = {"error", "warning", "info", "debug"};

static void apply(struct run_args *a, const struct row *r, const char *value)
{
	if (r->value == NEEDED && r->what != ADD_QEMU_ARG)
		not_empty(r->name, value);
	switch (r->what) {
	case SET_ACCEL:
		a->accel = accel(r->name, value);
		a->accel_given = true;
		break;
	case SET_CLEAR_ENV:
		a->clear_env = true;
		break;
	case SET_CONSOLE:
	case SET_CONTROLLER:
	case SET_FIRMWARE:
		set_device(a, r, value);
		break;
	case SET_CPUS:
		a->cpus = number(r->name, value, CPUS_MAX);
		break;
	case SET_CWD:
		set(&a->cwd, value);
		break;
	case SET_DRY_RUN:
		a->dry_run = true;
		break;
	case ADD_ENV:
		add_env(a, value);
		break;
	case SET_GDB:
		a->gdb = value ? number(r->name, value, PORT_MAX) : GDB_PORT;
		break;
	case SET_HOST_NAME:
		set(&a->host_name, value);
		break;
	case SET_LOG:
		set(&a->log, value);
		break;
	case SET_LOG_LEVEL:
		set(&a->log_level, levels[choice(r->name, value, levels, 4)]);
		break;
	case SET_MACHINE:
		set_machine(a, value);
		break;
	case SET_MEMORY:
		free(a->memory);
		a->memory = memory(value);
		break;
	case SET_QEMU:
		set(&a->qemu, value);
		break;
	case ADD_QEMU_ARG:
		strlist_push(&a->qemu_args, value);
		break;
	case ADD_XL_ARG:
		strlist_push(&a->xl_args, value);
		break;
	case SET_ROOT:
		set(&a->root, value);
		break;
	case SET_TIMEOUT:
		a->timeout = seconds(value);
		break;
	case SET_VERBOSE:
		a->verbose = true;
		break;
	case ASK_HELP:
	case ASK_VERSION:
		break;
	}
}

static const struct row *find(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strlen(rows[i].name) == n &&
		    strncmp(rows[i].name, word, n) == 0)
			return &rows[i];
	die(EXIT_USAGE, "unknown option %s (see --help)", word);
}

/*
 * Takes the option at *i, and its value if that is the next word. Options
 * whose value may be left out have it after = only.
 */
static const struct row *option(struct run_args *a, const struct strlist *w,
				size_t *i)
{
	const char *word = w->v[*i], *value = strchr(word, '=');
	size_t n = value ? (size_t)(value - word) : strlen(word);
	const struct row *r = find(word, n);

	if (value)
		value++;
	if (value && r->value == NONE)
		die(EXIT_USAGE, "%s takes no value", r->name);
	if (!value && r->value == NEEDED) {
		if (*i + 1 >= w->n)
			die(EXIT_USAGE, "%s needs a value", r->name);
		value = w->v[++*i];
	}
	apply(a, r, value);
	return r;
}

enum run_question run_args_parse(struct run_args *a,
				 const struct strlist *words)
{
	const char *env = getenv("HALVM_ACCEL");
	enum run_question ask = RUN_IT;
	size_t i;

	*a = (struct run_args){.cpus = 1, .memory = xstrdup("512M")};
	if (env && *env)
		a->accel = accel("HALVM_ACCEL", env);
	for (i = 0; i < words->n; i++) {
		const char *word = words->v[i];
		if (strcmp(word, "--") == 0) {
			i++;
			break;
		}
		if (word[0] != '-' || !word[1])
			break;
		const struct row *r = option(a, words, &i);
		if (r->what == ASK_HELP && ask == RUN_IT)
			ask = RUN_HELP;
		else if (r->what == ASK_VERSION && ask == RUN_IT)
			ask = RUN_VERSION;
	}
	if (ask != RUN_IT)
		return ask;
	if (i >= words->n || !*words->v[i])
		die(EXIT_USAGE, "no image (see --help)");
	set(&a->image, words->v[i++]);
	/* IMAGE -- ARGS and IMAGE ARGS are the same. */
	if (i < words->n && strcmp(words->v[i], "--") == 0)
		i++;
	for (; i < words->n; i++)
		strlist_push(&a->args, words->v[i]);
	return RUN_IT;
}

void run_args_free(struct run_args *a)
{
	free(a->image);
	strlist_free(&a->args);
	strlist_free(&a->env);
	free(a->machine);
	free(a->memory);
	free(a->host_name);
	free(a->cwd);
	free(a->root);
	free(a->log);
	free(a->log_level);
	free(a->qemu);
	strlist_free(&a->qemu_args);
	strlist_free(&a->xl_args);
	*a = (struct run_args){0};
}
