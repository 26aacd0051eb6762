/* SPDX-License-Identifier: BSD-3-Clause */
/* The three kinds of link: `-r`, the portable object, the image. See link.h. */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "image.h"
#include "mapfile.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The output's name for lld, which takes each % in one as a place for a random
 * digit: such a folder goes by its descriptor, which lld inherits.
 */
static char *lld_output(const char *out)
{
	char *dir;
	int fd;

	if (!strchr(out, '%'))
		return xstrdup(out);
	dir = path_dirname(out);
	fd = open(dir, O_PATH | O_DIRECTORY);
	free(dir);
	if (fd < 0 || strchr(path_basename(out), '%')) {
		if (fd >= 0)
			close(fd);
		return xstrdup(out); /* lld says what is wrong */
	}
	return xasprintf("/proc/self/fd/%d/%s", fd, path_basename(out));
}

/* Options of every run of lld. */
static void common_options(const struct link_job *job, struct strlist *o,
			   const char *out)
{
	char *name;

	strlist_push(o, "-m");
	strlist_push(o, "elf_x86_64");
	/*
	 * With a mapped output file a full disk is a SIGBUS; without, an error
	 * that says so.
	 */
	strlist_push(o, "--no-mmap-output-file");
	if (job->args->strip && job->args->mode != LINK_PORTABLE)
		strlist_push(o, "--strip-all");
	name = lld_output(out);
	strlist_pushf(o, "--output=%s", name);
	free(name);
}

static void sysroot_lib(const struct link_job *job, struct strlist *o,
			const char *name)
{
	char *path = xasprintf("%s/lib/%s", job->in.sysroot, name);

	if (!file_exists(path))
		die(EXIT_FAILED,
		    "the sysroot is incomplete: '%s' is missing; build it "
		    "again, or set HALVM_SYSROOT to a complete one",
		    path);
	strlist_push(o, path);
	free(path);
}

/* The program itself: libc's start, the inputs, libc and its helpers. */
static void program_inputs(const struct link_job *job, struct strlist *o)
{
	if (job->portable) {
		strlist_append(o, &job->inputs);
		return;
	}
	sysroot_lib(job, o, "crt1.o");
	strlist_append(o, &job->inputs);
	sysroot_lib(job, o, "libc.a");
	sysroot_lib(job, o, "libhalvmgcc.a");
}

static void image_options(const struct link_job *job, struct strlist *o,
			  const char *out)
{
	const struct link_args *a = job->args;

	common_options(job, o, out);
	strlist_push(o, "-static");
	strlist_push(o, "-nostdlib");
	strlist_push(o, a->no_gc ? "--no-gc-sections" : "--gc-sections");
	strlist_push(o, "--eh-frame-hdr");
	strlist_push(o, "-z");
	strlist_push(o, "noexecstack");
	strlist_push(o, "-z");
	strlist_push(o, "max-page-size=4096");
	strlist_push(o, "--build-id=none");
	if (a->strict && job->target.strict_syscalls)
		strlist_push(o, "--defsym=halvm_strict_default=1");
	strlist_pushf(o, "--script=%s",
		      a->script ? a->script : job->target.script);
	program_inputs(job, o);
	if (job->kept)
		strlist_push(o, job->kept);
	strlist_push(o, job->target.runtime);
}

static void merge_options(const struct link_job *job, struct strlist *o,
			  const char *out)
{
	common_options(job, o, out);
	strlist_push(o, "-r");
	if (job->args->script)
		strlist_pushf(o, "--script=%s", job->args->script);
	else if (link_wants_join(job->args))
		strlist_pushf(o, "--script=%s", link_join_script());
	strlist_append(o, &job->inputs);
}

/*
 * Relocatable objects become one, of what the program's start reaches.
 *
 * --unique keeps every input section apart: merged ones would bring back, in
 * the next link and in the report, what isn't used.
 */
void link_merge_portable(const struct link_job *job, struct strlist *o,
			 const char *out)
{
	common_options(job, o, out);
	strlist_push(o, "-r");
	strlist_push(o, "--unique");
	strlist_push(o,
		     job->args->no_gc ? "--no-gc-sections" : "--gc-sections");
	strlist_push(o, "--undefined=" HALVM_ROOT);
}

static void portable_options(const struct link_job *job, struct strlist *o,
			     const char *out, const struct strlist *more)
{
	link_merge_portable(job, o, out);
	strlist_pushf(o, "--defsym=" HALVM_PORTABLE_MARK "=%d", HALVM_ABI);
	strlist_append(o, more);
	program_inputs(job, o);
}

/* What a portable object lacks, by reading its symbols. */
struct lack {
	struct strlist strong; /* undefined, must not be */
	struct strlist fixes;  /* options of a second link */
};

static void find_lack(const char *path, struct lack *l)
{
	struct mapfile f;
	struct elf e;
	struct elf_sym s;
	const char *err;
	bool point = false, cancelled = false;
	uint32_t i;

	if (!mapfile_open(&f, path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	err = elf_open(&e, f.data, f.len);
	if (err)
		die(EXIT_FAILED, "lld wrote a damaged object: %s", err);
	for (i = 1; i < e.nsym; i++) {
		elf_symbol(&e, i, &s);
		if (strcmp(s.name, "halvm_cancelled") == 0 && s.shndx)
			cancelled = true;
		if (s.shndx != SHN_UNDEF || s.bind == STB_LOCAL)
			continue;
		if (strcmp(s.name, "halvm_cancel_point") == 0)
			point = true;
		if (str_starts(s.name, "halvm_"))
			continue;
		if (s.bind == STB_WEAK)
			strlist_pushf(&l->fixes, "--defsym=%s=0", s.name);
		else
			strlist_push(&l->strong, s.name);
	}
	/* The runtime's cancellation point jumps back to libc. */
	if (point && !cancelled)
		strlist_push(&l->fixes, "--undefined=halvm_cancelled");
	mapfile_close(&f);
}

/*
 * As lld says it in a final link, with who refers to it and our hints. A
 * target that isn't built can't help: then just the names.
 */
static bool explain_undefined(const struct link_job *job,
			      const struct strlist *names)
{
	struct strlist o = {0};
	char *out = path_join(temp_dir(), "undefined");
	bool ok = true;
	size_t i;

	common_options(job, &o, out);
	strlist_push(&o, "--gc-sections");
	strlist_push(&o, "--entry=" HALVM_ROOT);
	program_inputs(job, &o);
	strlist_push(&o, job->target.runtime);
	if (job->target.built)
		ok = lld_run(&o, out);
	strlist_free(&o);
	free(out);
	for (i = 0; ok && i < names->n; i++)
		fprintf(stderr, "%s: error: undefined symbol: %s\n",
			halvm_progname(), names->v[i]);
	return false;
}

bool link_portable(const struct link_job *job, const char *path,
		   const char *shown)
{
	struct strlist o = {0};
	struct lack lack = {0};
	bool ok;

	portable_options(job, &o, path, &(struct strlist){0});
	ok = lld_run(&o, shown);
	strlist_free(&o);
	if (ok)
		find_lack(path, &lack);
	if (ok && lack.strong.n)
		ok = explain_undefined(job, &lack.strong);
	if (ok && lack.fixes.n) {
		portable_options(job, &o, path, &lack.fixes);
		ok = lld_run(&o, shown);
		strlist_free(&o);
	}
	strlist_free(&lack.strong);
	strlist_free(&lack.fixes);
	return ok;
}

/* Options of the only run of lld that the mode needs, for -###. */
static void show(const struct link_job *job, const char *out)
{
	struct strlist o = {0};

	if (job->args->mode == LINK_MERGE)
		merge_options(job, &o, out);
	else if (job->args->mode == LINK_PORTABLE)
		portable_options(job, &o, out, &(struct strlist){0});
	else
		image_options(job, &o, out);
	lld_show(&o);
	strlist_free(&o);
}

static bool link_simple(const struct link_job *job, const char *path,
			const char *shown)
{
	struct strlist o = {0};
	bool ok;

	if (job->args->mode == LINK_MERGE)
		merge_options(job, &o, path);
	else
		image_options(job, &o, path);
	ok = lld_run(&o, shown);
	strlist_free(&o);
	return ok;
}

/*
 * What needs the portable object: the report and the check of forbidden
 * syscalls, before anything is made, what unsafe calls rely on, providers, and
 * --keep-portable.
 */
static bool examine(struct link_job *job)
{
	const struct link_args *a = job->args;
	bool keep = a->keep_portable && a->mode == LINK_IMAGE;
	bool claims = job->claims.n && a->mode == LINK_IMAGE && !job->portable;
	bool provides = job->provides && a->mode == LINK_IMAGE;
	const char *portable = job->portable;
	char *made = NULL;
	bool ok = true;

	if (!a->report && !a->forbidden.n && !keep && !claims && !provides)
		return true;
	if (!portable) {
		made = path_join(temp_dir(), "portable.o");
		ok = link_portable(job, made, made);
		portable = made;
	}
	if (claims)
		ok = ok && link_check_claims(job, portable);
	if (ok && keep)
		job->kept = link_keep(portable);
	if (provides) {
		ok = ok && link_provide(job, portable);
		if (job->portable)
			portable = job->portable;
	}
	if (a->report || a->forbidden.n)
		ok = ok && link_report(job, portable);
	free(made);
	return ok;
}

static void load_target(struct link_job *job)
{
	const struct link_args *a = job->args;

	target_load(&job->in, target_choice(a->target), &job->target);
	/* A report alone needs no runtime. */
	if (a->mode == LINK_IMAGE && !(a->report && !a->output))
		target_need_built(&job->in, &job->target);
	if (a->root)
		target_need_root(&job->target);
}

int link_run(struct link_job *job)
{
	const struct link_args *a = job->args;
	const char *out = a->output ? a->output : "a.out";
	struct link_output o;
	bool ok;

	install_find(&job->in);
	lld_set_verbose(a->verbose);
	if (a->mode != LINK_MERGE) {
		install_need_sysroot(&job->in);
		job->ghc = install_conf(&job->in, "ghc");
		load_target(job);
		link_check_forbidden(job);
	}
	link_resolve(job);
	if (job->portable && a->mode == LINK_PORTABLE)
		die(EXIT_USAGE, "'%s' is a portable object already",
		    job->portable);
	if (a->dry_run) {
		show(job, out);
		return 0;
	}
	if (!examine(job))
		return EXIT_FAILED;
	if (a->report && !a->output)
		return 0;
	link_output_begin(&o, out);
	ok = a->mode == LINK_PORTABLE ? link_portable(job, o.temp, out)
				      : link_simple(job, o.temp, out);
	if (job->claims.n && a->mode == LINK_PORTABLE)
		ok = ok && link_check_claims(job, o.temp);
	if (!ok) {
		link_output_abort(&o);
		return EXIT_FAILED;
	}
	if (a->root)
		image_put_root(o.temp, out, a->root);
	if (a->mode == LINK_IMAGE)
		link_warn_refused(job, o.temp);
	link_output_commit(&o, a->mode == LINK_IMAGE);
	return 0;
}
