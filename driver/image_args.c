/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of halvm-image: see image_args.h. */
#include "config.h"
#include "image_args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum what {
	SET_COMMAND_LINE,
	SET_CPUS,
	SET_CWD,
	ADD_ENV,
	SET_FIRMWARE,
	SET_FORMAT,
	ASK_HELP,
	SET_HOST_NAME,
	SET_INFO,
	SET_LOG_LEVEL,
	SET_MEMORY,
	SET_NAME,
	SET_NETWORK,
	SET_OUTPUT,
	SET_REBOOT,
	SET_ROOT,
	SET_SERIAL,
	SET_STRIP,
	ASK_VERSION
};

/* Which formats an option is for; flags. */
enum {
	FOR_ELF = 1,
	FOR_DISK = 2,	 /* what holds a disk */
	FOR_MACHINE = 4, /* what describes one */
	FOR_VMX = 8,
	FOR_XL = 16,
	FOR_VMWARE = 32,
	FOR_LINE = FOR_DISK | FOR_XL,
	FOR_ALL = -1
};

static const struct row {
	const char *name;
	bool value;
	enum what what;
	int formats;
} rows[] = {
    {"--command-line", true, SET_COMMAND_LINE, FOR_LINE},
    {"--cpus", true, SET_CPUS, FOR_MACHINE},
    {"--cwd", true, SET_CWD, FOR_LINE},
    {"--env", true, ADD_ENV, FOR_LINE},
    {"--firmware", true, SET_FIRMWARE, FOR_DISK},
    {"--format", true, SET_FORMAT, FOR_ALL},
    {"--help", false, ASK_HELP, FOR_ALL},
    {"--host-name", true, SET_HOST_NAME, FOR_LINE},
    {"--info", false, SET_INFO, FOR_ALL},
    {"--log-level", true, SET_LOG_LEVEL, FOR_LINE},
    {"--memory", true, SET_MEMORY, FOR_MACHINE},
    {"--name", true, SET_NAME, FOR_MACHINE},
    {"--network", true, SET_NETWORK, FOR_VMWARE},
    {"--output", true, SET_OUTPUT, FOR_ALL},
    {"--reboot", false, SET_REBOOT, FOR_DISK},
    {"--root", true, SET_ROOT, FOR_ELF | FOR_DISK},
    {"--serial", true, SET_SERIAL, FOR_VMX},
    {"--strip", false, SET_STRIP, FOR_ELF},
    {"--version", false, ASK_VERSION, FOR_ALL},
    {"-o", true, SET_OUTPUT, FOR_ALL},
};

/* In the order of enum image_format. */
static const struct {
	const char *name;
	int is;
} formats[] = {
    [IMAGE_ELF] = {"elf", FOR_ELF},
    [IMAGE_ISO] = {"iso", FOR_DISK},
    [IMAGE_OVA] = {"ova", FOR_DISK | FOR_MACHINE | FOR_VMWARE},
    [IMAGE_QCOW2] = {"qcow2", FOR_DISK},
    [IMAGE_RAW] = {"raw", FOR_DISK},
    [IMAGE_VMDK] = {"vmdk", FOR_DISK},
    [IMAGE_VMDK_SPARSE] = {"vmdk-sparse", FOR_DISK},
    [IMAGE_VMX] = {"vmx", FOR_DISK | FOR_MACHINE | FOR_VMWARE | FOR_VMX},
    [IMAGE_XL] = {"xl", FOR_MACHINE | FOR_XL},
};

enum { MEMORY_DEFAULT_MIB = 512, CPUS_MAX = 128 };

struct parse {
	struct image_job *job;
	char *const *words;
	bool given[ARRAY_SIZE(rows)];
	bool arguments; /* after -- */
	enum image_question question;
};

static enum image_format format(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(text, formats[i].name) == 0)
			return (enum image_format)i;
	die(EXIT_USAGE,
	    "--format=%s: must be elf, raw, qcow2, iso, vmdk, vmdk-sparse, "
	    "vmx, ova or xl",
	    text);
}

static unsigned firmware(const char *text)
{
	if (strcmp(text, "bios") == 0)
		return DISK_BIOS;
	if (strcmp(text, "uefi") == 0)
		return DISK_EFI;
	if (strcmp(text, "both") == 0)
		return DISK_BIOS | DISK_EFI;
	die(EXIT_USAGE, "--firmware=%s: must be bios, uefi or both", text);
}

/* SIZE, with K, M, G or T after it: MiB without. */
static uint64_t memory(const char *text)
{
	static const char units[] = "KMGT";
	size_t digits = strspn(text, "0123456789");
	const char *unit = text + digits, *at = NULL;
	uint64_t n = strtoull(text, NULL, 10);

	if (!*unit)
		at = units + 1;
	else if (!unit[1])
		at = strchr(units, *unit & ~0x20);
	if (digits == 0 || digits > 12 || n == 0 || !at)
		die(EXIT_USAGE,
		    "--memory=%s: must be a number with K, M (default), G or T "
		    "after it",
		    text);
	n <<= 10 * (at - units + 1);
	if (n >> 44 || strtoull(text, NULL, 10) << 10 * (at - units + 1) != n)
		die(EXIT_USAGE, "--memory=%s: that is too much", text);
	return n;
}

static unsigned cpus(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n < 1 ||
	    n > CPUS_MAX)
		die(EXIT_USAGE, "--cpus=%s: must be a number from 1 to %d",
		    text, CPUS_MAX);
	return (unsigned)n;
}

static const char *variable(const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text)
		die(EXIT_USAGE, "--env=%s: must be NAME=VALUE", text);
	return text;
}

static const char *log_level(const char *text)
{
	static const char *const levels[] = {"error", "warning", "info",
					     "debug"};

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (strcmp(text, levels[i]) == 0)
			return text;
	die(EXIT_USAGE, "--log-level=%s: must be error, warning, info or debug",
	    text);
}

static const char *name(const char *option, const char *text)
{
	const char *wrong = vm_name_check(text);

	if (wrong)
		die(EXIT_USAGE, "%s=%s: the name %s", option, text, wrong);
	return text;
}

static void apply(struct parse *p, const struct row *r, const char *value)
{
	struct image_job *job = p->job;

	switch (r->what) {
	case SET_COMMAND_LINE:
		job->line = value;
		break;
	case SET_CPUS:
		job->vm.cpus = cpus(value);
		break;
	case SET_CWD:
		job->cwd = value;
		break;
	case ADD_ENV:
		strlist_push(&job->env, variable(value));
		break;
	case SET_FIRMWARE:
		job->firmware = firmware(value);
		break;
	case SET_FORMAT:
		job->format = format(value);
		break;
	case ASK_HELP:
		p->question = IMAGE_HELP;
		break;
	case SET_HOST_NAME:
		job->host_name = value;
		break;
	case SET_INFO:
		job->info = true;
		break;
	case SET_LOG_LEVEL:
		job->log_level = log_level(value);
		break;
	case SET_MEMORY:
		job->vm.memory = memory(value);
		break;
	case SET_NAME:
		job->vm.name = name(r->name, value);
		break;
	case SET_NETWORK:
		job->vm.network = name(r->name, value);
		break;
	case SET_OUTPUT:
		job->out = value;
		break;
	case SET_REBOOT:
		job->reboot = true;
		break;
	case SET_ROOT:
		job->root = value;
		break;
	case SET_SERIAL:
		job->vm.serial = name(r->name, value);
		break;
	case SET_STRIP:
		job->strip = true;
		break;
	case ASK_VERSION:
		p->question = IMAGE_VERSION;
		break;
	}
}

/* --NAME, --NAME=VALUE, -oVALUE. */
static const struct row *find_row(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t n = strlen(rows[i].name);

		if (str_starts(word, rows[i].name) &&
		    (!word[n] || word[n] == '=' || n == 2))
			return &rows[i];
	}
	die(EXIT_USAGE, "unknown option %s (see --help)", word);
}

/* The word's option; the index of the last word that belongs to it. */
static size_t option(struct parse *p, size_t i)
{
	const char *word = p->words[i];
	const struct row *r = find_row(word);
	const char *rest = word + strlen(r->name);

	p->given[r - rows] = true;
	if (!r->value) {
		if (*rest)
			die(EXIT_USAGE, "%s takes no value", r->name);
		apply(p, r, NULL);
		return i;
	}
	if (*rest == '=' && str_starts(word, "--"))
		rest++;
	else if (!*rest)
		rest = p->words[i + 1] ? p->words[++i] : "";
	if (!*rest && r->what != SET_COMMAND_LINE)
		die(EXIT_USAGE, "%s needs a value", word);
	apply(p, r, rest);
	return i;
}

/* What fits together. */
static void check(const struct parse *p)
{
	const struct image_job *job = p->job;
	int is = formats[job->format].is;

	if (!job->image)
		die(EXIT_USAGE, "no image (see --help)");
	if (job->info && (job->out || job->root || job->strip))
		die(EXIT_USAGE, "--info makes no image: leave -o, --root= and "
				"--strip out");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (p->given[i] && !(rows[i].formats & is))
			die(EXIT_USAGE, "%s is not for --format=%s",
			    rows[i].name, formats[job->format].name);
	if (p->arguments && !(is & FOR_LINE))
		die(EXIT_USAGE, "arguments are not for --format=%s",
		    formats[job->format].name);
	if (job->line && (p->arguments || job->cwd || job->host_name ||
			  job->log_level || job->env.n))
		die(EXIT_USAGE, "--command-line= is all of the command line: "
				"leave --cwd=, --env=, --host-name=, "
				"--log-level= and arguments out");
	if (!job->info && job->format == IMAGE_ELF &&
	    job->strip + !!job->root != 1)
		die(EXIT_USAGE, "give one of --root=, --strip and --info, or "
				"another format");
	if (!job->info && !job->out)
		die(EXIT_USAGE, "-o is missing: name the new image");
}

enum image_question image_args_parse(struct image_job *job, char *const words[])
{
	struct parse p = {.job = job, .words = words};
	size_t i = 0;

	*job = (struct image_job){.format = IMAGE_ELF};
	job->vm.memory = (uint64_t)MEMORY_DEFAULT_MIB << 20;
	job->vm.cpus = 1;
	for (; words[i] && strcmp(words[i], "--") != 0; i++) {
		if (words[i][0] == '-' && words[i][1])
			i = option(&p, i);
		else if (job->image)
			die(EXIT_USAGE,
			    "one image at a time: '%s' and '%s'; the program's "
			    "arguments stand after --",
			    job->image, words[i]);
		else
			job->image = words[i];
		if (p.question != IMAGE_MAKE)
			return p.question;
	}
	p.arguments = words[i] != NULL;
	while (p.arguments && words[++i])
		strlist_push(&job->args, words[i]);
	check(&p);
	job->vm.efi = job->firmware == DISK_EFI;
	return IMAGE_MAKE;
}
