/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiling, and handing links to halvm-ld: see cc.h. */
#include "config.h"
#include "cc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cc_query.h"
#include "options.h"
#include "rsp.h"
#include "version.h"

/* Host directories that must not get into a program for the sysroot. */
static const char *const host_environment[] = {
    "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "DEPENDENCIES_OUTPUT",
    "SUNPRO_DEPENDENCIES"};

char *cc_host_gcc(void)
{
	static const char *const names[] = {HALVM_HOST_CC, "gcc", NULL};
	return host_tool("HALVM_HOST_CC", names, "gcc");
}

/* Where stdatomic.h, immintrin.h and the like are: gcc's own headers. */
static char *own_include(char *gcc)
{
	char *out, *argv[] = {gcc, "-print-file-name=include", NULL};
	int status = run_capture(argv, &out);
	out[strcspn(out, "\n")] = '\0';
	if (status != 0 || out[0] != '/')
		die(EXIT_FAILED,
		    "'%s' can't tell where its headers are; is it gcc? "
		    "HALVM_HOST_CC names another",
		    gcc);
	return out;
}

/* Assembly that isn't preprocessed includes nothing. */
static bool wants_headers(const struct cc_args *cc)
{
	for (size_t i = 0; i < cc->n_inputs; i++) {
		const struct cc_input *in = &cc->inputs[i];
		if (!in->source)
			continue;
		if (in->lang ? strcmp(in->lang, "assembler") != 0
			     : !str_ends(in->name, ".s"))
			return !cc->nostdinc;
	}
	return false;
}

void cc_first_args(const struct cc_tools *t, struct strlist *argv)
{
	strlist_push(argv, t->gcc);
	strlist_pushf(argv, "-D__halvm__=%d", HALVM_ABI);
}

void cc_last_args(const struct cc_tools *t, struct strlist *argv)
{
	if (t->gcc_include) {
		strlist_push(argv, "-nostdinc");
		strlist_push(argv, "-isystem");
		strlist_pushf(argv, "%s/include", t->in->sysroot);
		strlist_push(argv, "-isystem");
		strlist_push(argv, t->gcc_include);
		/* halvm/provider.h and the like: the SDK's, not the sysroot's.
		 */
		strlist_push(argv, "-idirafter");
		strlist_pushf(argv, "%s/include", t->in->libdir);
	}
	for (size_t i = 0; cc_last_flags[i]; i++)
		strlist_push(argv, cc_last_flags[i]);
}

static void find_tools(const struct install *in, const struct cc_args *cc,
		       struct cc_tools *t)
{
	*t = (struct cc_tools){.in = in, .gcc = cc_host_gcc()};
	if (!wants_headers(cc))
		return;
	install_need_sysroot(in);
	char *include = path_join(in->sysroot, "include");
	if (!dir_exists(include))
		die(EXIT_FAILED,
		    "the sysroot is incomplete: there is no '%s'; build it "
		    "again with 'make'",
		    include);
	free(include);
	t->gcc_include = own_include(t->gcc);
}

/* A directory each, so that equal names of sources don't meet. */
static char *object_name(const struct cc_input *in, size_t i)
{
	const char *base = path_basename(in->name);
	size_t n = strcspn(base, ".");
	char *dir = xasprintf("%s/%zu", temp_dir(), i);
	if (mkdir(dir, 0700) < 0)
		die(EXIT_FAILED,
		    "can't make '%s': %s; set TMPDIR to a directory with room",
		    dir, strerror(errno));
	char *name =
	    n && strcmp(base, "-") != 0
		? xasprintf("%s/%.*s.o", dir, n < 100 ? (int)n : 100, base)
		: xasprintf("%s/source.o", dir);
	free(dir);
	return name;
}

/* As gcc -### does: each argument quoted, on stderr. */
static void show(const struct strlist *argv)
{
	for (size_t i = 0; i < argv->n; i++) {
		fprintf(stderr, " \"");
		for (const char *p = argv->v[i]; *p; p++)
			fprintf(stderr, strchr("\"\\$`", *p) ? "\\%c" : "%c",
				*p);
		fputc('"', stderr);
	}
	fputc('\n', stderr);
}

static bool has_option(const struct strlist *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (strcmp(l->v[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * -MD in a link: gcc names the file of dependencies, and what depends, after
 * the output or else the source; by itself it would now name the temporary
 * object.
 */
static void add_dependency_names(const struct cc_args *cc,
				 const struct cc_input *in,
				 struct strlist *argv)
{
	if (!has_option(&cc->compile, "-MD") &&
	    !has_option(&cc->compile, "-MMD"))
		return;
	const char *name = cc->output ? cc->output : path_basename(in->name);
	const char *dot = strrchr(path_basename(name), '.');
	int stem = (int)(dot ? dot - name : (ptrdiff_t)strlen(name));
	if (!has_option(&cc->compile, "-MF")) {
		strlist_push(argv, "-MF");
		strlist_pushf(argv, "%.*s.d", stem, name);
	}
	if (!has_option(&cc->compile, "-MT") &&
	    !has_option(&cc->compile, "-MQ")) {
		strlist_push(argv, "-MQ");
		if (cc->output)
			strlist_push(argv, name);
		else
			strlist_pushf(argv, "%.*s.o", stem, name);
	}
}

/* Compiles one source of a link; its object takes the source's place there. */
static void compile_for_link(const struct cc_tools *t, struct cc_args *cc,
			     size_t i)
{
	const struct cc_input *in = &cc->inputs[i];
	struct strlist argv = {0};
	char *object = object_name(in, i);
	cc_first_args(t, &argv);
	strlist_append(&argv, &cc->compile);
	add_dependency_names(cc, in, &argv);
	/* .gcno and .dwo files go where gcc would put them, not to /tmp. */
	if (!has_option(&cc->compile, "-dumpdir")) {
		strlist_push(&argv, "-dumpdir");
		strlist_pushf(&argv, "%s-", cc->output ? cc->output : "a");
	}
	if (in->lang) {
		strlist_push(&argv, "-x");
		strlist_push(&argv, in->lang);
	}
	strlist_push(&argv, in->name);
	strlist_push(&argv, "-c");
	strlist_push(&argv, "-o");
	strlist_push(&argv, object);
	cc_last_args(t, &argv);
	int status = run_wait(argv.v);
	if (status != 0)
		exit(status);
	strlist_free(&argv);
	free(cc->link.v[in->link_at]);
	cc->link.v[in->link_at] = object;
}

static _Noreturn void link_inputs(const struct install *in, struct cc_args *cc)
{
	struct cc_tools t = {0};
	struct strlist argv = {0};
	for (size_t i = 0; i < cc->n_inputs; i++) {
		if (!cc->inputs[i].source)
			continue;
		if (!t.gcc)
			find_tools(in, cc, &t);
		compile_for_link(&t, cc, i);
	}
	strlist_pushf(&argv, "%s/halvm-ld", in->bindir);
	if (cc->output) {
		strlist_push(&argv, "-o");
		strlist_push(&argv, cc->output);
	}
	strlist_append(&argv, &cc->link);
	if (cc->dry_run) {
		show(&argv);
		finish(0);
	}
	rsp_exec(&argv);
}

static _Noreturn void compile(const struct install *in,
			      const struct cc_args *cc)
{
	struct cc_tools t;
	struct strlist argv = {0};
	find_tools(in, cc, &t);
	cc_first_args(&t, &argv);
	strlist_append(&argv, &cc->all);
	cc_last_args(&t, &argv);
	rsp_exec(&argv);
}

void cc_run(const struct install *in, const struct strlist *args,
	    const char *help)
{
	struct cc_args cc;
	cc_parse(args, &cc);
	for (size_t i = 0; i < ARRAY_SIZE(host_environment); i++)
		unsetenv(host_environment[i]);
	if (cc.query && strcmp(cc.query, "--help") == 0)
		print_help(help);
	if (cc.query)
		cc_answer(in, cc.query);
	if (cc.error)
		die(EXIT_USAGE, "%s", cc.error);
	if (cc.no_link || (!cc.n_inputs && cc.verbose))
		compile(in, &cc);
	if (cc.n_inputs || cc.asks_linker)
		link_inputs(in, &cc);
	die(EXIT_USAGE, "no input files; %s --help tells more",
	    halvm_progname());
}
