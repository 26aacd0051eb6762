/* SPDX-License-Identifier: BSD-3-Clause */
/* Images for Xen, and who runs them: see run_xen.h. */
#include "config.h"
#include "run_xen.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bed.h"
#include "xlconf.h"

enum {
	/*
	 * Of a guest's command line, as for other machines; Xen itself has no
	 * limit for guests of type pvh (tools/libs/guest/xg_dom_x86.c).
	 */
	GUEST_LINE_MAX = 4095,
	/* For xl to create a domain that isn't wanted any more, and destroy. */
	DOM0_GRACE_MS = 90000,
	BED_GRACE_MS = 3000,
	NAME_MAX_LEN = 32
};

/* A dom0's kernel says so; who names an xl wants it to be used. */
static bool is_dom0(void)
{
	const char *xl = getenv("HALVM_XL");
	size_t n;
	char *text = read_file("/proc/xen/capabilities", &n);
	bool yes = (xl && *xl) || (text && strstr(text, "control_d"));

	free(text);
	return yes;
}

/* What a domain has no counterpart of. */
static void refuse(const struct run_args *a)
{
	const struct {
		const char *option;
		bool given;
		const char *why;
	} rows[] = {
	    {"--gdb", a->gdb,
	     "Xen has no stub for gdb in reach: debug the "
	     "same program linked for kvm"},
	    {"--machine", a->machine, "a domain is no machine of QEMU's"},
	    {"--qemu", a->qemu, "no QEMU of its own runs a domain"},
	    {"--qemu-arg", a->qemu_args.n, "no QEMU of its own runs a domain"},
	    {"--accel", a->accel_given, "Xen alone decides how domains run"},
	    {"--console", a->console != CONSOLE_AUTO,
	     "a domain has one console, Xen's"},
	    {"--firmware", a->firmware != FIRMWARE_AUTO, "domains have none"},
	    {"--disk-controller", a->controller != CONTROLLER_AUTO,
	     "domains boot without a disk"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].given)
			die(EXIT_USAGE, "%s: '%s' is for Xen: %s",
			    rows[i].option, a->image, rows[i].why);
}

/* A domain's name, but for what makes it the only one. */
static char *domain_name(const char *image)
{
	char *name =
	    xasprintf("halvm-%.*s", NAME_MAX_LEN, path_basename(image));

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
			*p = '_';
	return name;
}

static void fill_conf(const struct run_plan *p, struct xlconf *c)
{
	c->kernel = path_absolute(p->image);
	c->ramdisk = p->initrd ? path_absolute(p->initrd) : NULL;
	c->line = run_guest_line(p, "", GUEST_LINE_MAX);
	c->memory = run_memory_size(p->args->memory);
	c->vcpus = p->args->cpus;
	if (p->args->xl_args.n)
		c->more = strlist_join(&p->args->xl_args, "\n");
}

/* The configuration can stand on xl's command line, a word for each line. */
static void dry_run(const struct run_plan *p)
{
	struct strlist argv = {0};
	struct xlconf c = {0};
	char *text, *line, *rest;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		die(EXIT_FAILED, "out of memory");
	fill_conf(p, &c);
	c.name = domain_name(p->image);
	xlconf_write(f, &c);
	fclose(f);
	strlist_push(&argv, "xl");
	strlist_push(&argv, "create");
	strlist_push(&argv, "-c");
	strlist_push(&argv, "/dev/null");
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		strlist_push(&argv, line);
	run_print_command(&argv);
	finish(0);
}

static void push_self(const struct install *in, struct strlist *argv,
		      const char *mode)
{
	char *path = path_join(in->bindir, "halvm-run");

	strlist_push(argv, path);
	strlist_push(argv, mode);
	free(path);
}

/* By xl, here. */
static void carry_here(const struct run_plan *p, const struct install *in,
		       struct carrier *carrier)
{
	struct xlconf c = {.preserve = true};
	char *path = path_join(temp_dir(), "xl.cfg"), *name;
	const char *xl = getenv("HALVM_XL");
	FILE *f = fopen(path, "we");

	if (geteuid() != 0 && !(xl && *xl))
		die(EXIT_FAILED, "only root can use xl on this dom0: run "
				 "halvm-run as root");
	fill_conf(p, &c);
	name = domain_name(p->image);
	c.name = xasprintf("%s-%d", name, (int)getpid());
	if (f)
		xlconf_write(f, &c);
	if (!f || (ferror(f) | fclose(f)))
		die(EXIT_FAILED, "can't write '%s'", path);
	carrier->name = "xl";
	carrier->grace_ms = DOM0_GRACE_MS;
	push_self(in, &carrier->argv, "--carry-xl");
	strlist_push(&carrier->argv, path);
	if (p->args->verbose)
		strlist_push(&carrier->argv, "--verbose");
	free(name);
	free(path);
}

/* By the dom0 of a test bed. It is started first, whatever that takes. */
static void carry_there(const struct run_plan *p, const struct install *in,
			struct carrier *carrier)
{
	static int lock;
	char *socket = bed_slot(in, p->args->verbose, &lock);
	struct xlconf c = {0};

	fill_conf(p, &c);
	carrier->name = "the test bed";
	carrier->grace_ms = BED_GRACE_MS;
	push_self(in, &carrier->argv, "--carry-bed");
	strlist_push(&carrier->argv, socket);
	strlist_push(&carrier->argv, domain_name(p->image));
	strlist_push(&carrier->argv, c.kernel);
	strlist_push(&carrier->argv, c.ramdisk ? c.ramdisk : "");
	strlist_push(&carrier->argv, c.line);
	strlist_pushf(&carrier->argv, "%" PRIu64, c.memory);
	strlist_pushf(&carrier->argv, "%u", c.vcpus);
	strlist_push(&carrier->argv, c.more ? c.more : "");
	if (p->args->verbose)
		strlist_push(&carrier->argv, "--verbose");
	free(socket);
}

int run_xen(struct run_plan *p, const struct install *in)
{
	struct carrier carrier = {0};
	bool here;

	refuse(p->args);
	if (p->args->dry_run)
		dry_run(p);
	here = is_dom0();
	if (p->args->verbose)
		fprintf(stderr, "%s: target %s, by %s\n", halvm_progname(),
			p->target->name,
			here ? "xl on this dom0" : "a test bed's dom0");
	if (here)
		carry_here(p, in, &carrier);
	else
		carry_there(p, in, &carrier);
	return run_machine(p, &carrier);
}

/* The modes' words are ours alone: none is left out but the last. */
int run_carry(const struct strlist *w)
{
	bool verbose = w->n > 0 && strcmp(w->v[w->n - 1], "--verbose") == 0;
	size_t n = w->n - verbose;

	/* Started as /proc/self/exe, it would be "exe". */
	if (w->n > 0 && str_starts(w->v[0], "--carry-"))
		halvm_set_progname("halvm-run");
	if (n == 2 && strcmp(w->v[0], "--carry-xl") == 0)
		return run_carry_xl(w->v[1], verbose);
	if ((n == 2 || n == 3) && strcmp(w->v[0], "--bed-slot") == 0)
		return run_bed_slot(w->v[1], n == 3 ? w->v[2] : NULL);
	if (n == 9 && strcmp(w->v[0], "--carry-bed") == 0) {
		struct bed_request r = {
		    .socket = w->v[1],
		    .name = w->v[2],
		    .kernel = w->v[3],
		    .ramdisk = w->v[4],
		    .line = w->v[5],
		    .memory = w->v[6],
		    .vcpus = w->v[7],
		    .more = w->v[8],
		    .verbose = verbose,
		};
		return run_carry_bed(&r);
	}
	return -1;
}
