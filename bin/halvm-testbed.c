/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-testbed: prepares, starts and ends the Xen test bed; see bed.h. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed.h"
#include "run_xen.h"
#include "util.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-testbed prepare [--anew] | start | stop | status | console "
    "|\n"
    "                     xl ARGUMENT...\n"
    "The Xen test bed: a machine in QEMU with Xen and a small Linux dom0, in\n"
    "which halvm-run runs images for xen on hosts that aren't a dom0. It is\n"
    "prepared and started by itself; this does so ahead, or ends it.\n"
    "\n"
    "  prepare    make dom0 of Debian's packages (80 MB), boot it once and\n"
    "             save it, so that later starts take a second or two\n"
    "  start      start it\n"
    "  stop       end it, with what runs in it\n"
    "  status     say if it runs; status 0 if so, else 1\n"
    "  console    print what Xen and dom0 say, until the bed ends\n"
    "  xl, xenstore-read, xenstore-ls, xenstore-write\n"
    "             run that in dom0, with the arguments that follow\n"
    "\n"
    "  --anew     make it again, with the packages' newest versions\n"
    "  --verbose, -v  say what is done\n"
    "  --help, --version\n"
    "\n"
    "Environment: HALVM_XEN_PACKAGES, a folder with the .deb files to take;\n"
    "HALVM_BED, the name of a bed of one's own; HALVM_BED_MEMORY (MiB, 3072);\n"
    "HALVM_BED_IDLE (seconds without use after which it ends, 300);\n"
    "HALVM_QEMU. More in halvm-testbed(1).\n";

struct request {
	const char *command;
	bool anew, verbose;
	struct strlist words; /* of a command for dom0 */
};

static int prepare(const struct bed *b, const struct install *in, bool anew)
{
	bool ready, was = bed_alive(b, &ready);

	if (anew)
		was = bed_stop(b) && false;
	free(bed_prepare(b, anew));
	bed_ensure(b, in);
	if (!was)
		bed_stop(b);
	return 0;
}

/* The second bed is of interest only if it runs. */
static int status(const struct bed *beds, size_t n)
{
	int result = EXIT_FAILED;

	for (size_t i = 0; i < n; i++) {
		bool ready, alive = bed_alive(&beds[i], &ready);

		if (i == 0 || alive)
			printf("%s %s\n",
			       ready   ? "running"
			       : alive ? "starting"
				       : "stopped",
			       beds[i].run);
		if (ready)
			result = 0;
	}
	return result;
}

static int console(const struct bed *b)
{
	char *log = path_join(b->run, "console.log");
	char *pid_file = path_join(b->run, "pid");
	char *pid = NULL;
	size_t len;
	bool ready;

	if (!file_exists(log))
		die(EXIT_FAILED, "there is no '%s': the bed never ran", log);
	if (bed_alive(b, &ready))
		pid = read_file(pid_file, &len);
	if (pid) {
		char *option = xasprintf("--pid=%ld", strtol(pid, NULL, 10));
		char *argv[] = {"tail", "-n", "+1", "-f", option, log, NULL};
		run_exec(argv);
	}
	char *argv[] = {"cat", log, NULL};
	run_exec(argv);
}

static bool is_for_dom0(const char *command)
{
	return strcmp(command, "xl") == 0 || str_starts(command, "xenstore-");
}

/* Output and status are the command's. */
static int in_dom0(const struct install *in, const struct request *r)
{
	int lock;
	struct bed_request b = {.socket = bed_slot(in, r->verbose, &lock),
				.name = r->command,
				.memory = "",
				.vcpus = "",
				.command = &r->words};

	return run_carry_bed(&b);
}

static int run(const struct request *r)
{
	const char *names[BED_NAMES];
	struct bed beds[BED_NAMES], *b = beds;
	size_t n = bed_names(names);
	struct install in;

	install_find(&in);
	for (size_t i = 0; i < n; i++) {
		bed_open(&beds[i], &in, names[i], r->verbose);
		beds[i].tell_absent = true;
	}
	if (strcmp(r->command, "prepare") == 0)
		return prepare(b, &in, r->anew);
	if (strcmp(r->command, "start") == 0) {
		bed_ensure(b, &in);
		return 0;
	}
	if (strcmp(r->command, "stop") == 0) {
		for (size_t i = 0; i < n; i++)
			bed_stop(&beds[i]);
		return 0;
	}
	if (strcmp(r->command, "status") == 0)
		return status(beds, n);
	if (strcmp(r->command, "console") == 0)
		return console(b);
	if (is_for_dom0(r->command))
		return in_dom0(&in, r);
	die(EXIT_USAGE, "there is no '%s'; see --help", r->command);
}

int main(int argc, char *argv[])
{
	struct request r = {0};

	halvm_set_progname(argv[0]);
	for (int i = 1; i < argc; i++) {
		if (r.command && is_for_dom0(r.command)) {
			strlist_push(&r.words, argv[i]);
			continue;
		}
		if (strcmp(argv[i], "--help") == 0)
			print_help(help);
		if (strcmp(argv[i], "--version") == 0)
			print_version(NULL);
		if (strcmp(argv[i], "--verbose") == 0 ||
		    strcmp(argv[i], "-v") == 0)
			r.verbose = true;
		else if (strcmp(argv[i], "--anew") == 0)
			r.anew = true;
		else if (argv[i][0] == '-')
			die(EXIT_USAGE, "unknown option '%s'; see --help",
			    argv[i]);
		else if (r.command)
			die(EXIT_USAGE, "'%s' is too many; see --help",
			    argv[i]);
		else {
			r.command = argv[i];
			if (is_for_dom0(argv[i]))
				strlist_push(&r.words, argv[i]);
		}
	}
	if (!r.command)
		die(EXIT_USAGE, "what to do? prepare, start, stop, status or "
				"console; see --help");
	if (r.anew && strcmp(r.command, "prepare") != 0)
		die(EXIT_USAGE, "--anew goes with prepare");
	finish(run(&r));
}
