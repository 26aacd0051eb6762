/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running lld. Its standard error is collected, so that a crash (which is what
 * lld does on a full disk) becomes a message, and hints can follow its
 * complaints about undefined symbols.
 */
#include "config.h"
#include "link.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Above this many bytes of arguments a response file is used. */
enum { ARGV_LIMIT = 64 * 1024 };

static bool verbose;

void lld_set_verbose(bool on)
{
	verbose = on;
}

static char *lld_path(void)
{
	static const char *const names[] = {
	    HALVM_LLD, "ld.lld", "ld.lld-19", "ld.lld-16", "ld.lld-14", NULL};

	return host_tool("HALVM_LLD", names,
			 "LLVM's lld, version 14 or later "
			 "(Debian: the package lld)");
}

/* In the quoting of GNU response files, which lld reads. */
static void write_quoted(FILE *f, const char *s)
{
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', f);
		putc(*s, f);
	}
	fputs("\"\n", f);
}

static char *write_response(const struct strlist *options)
{
	char *path = path_join(temp_dir(), "lld.rsp");
	FILE *f = fopen(path, "we");
	size_t i;

	if (!f)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	for (i = 0; i < options->n; i++)
		write_quoted(f, options->v[i]);
	if (ferror(f) | fclose(f))
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	return path;
}

static void make_argv(const struct strlist *options, struct strlist *argv)
{
	size_t i, bytes = 0;
	char *lld = lld_path(), *rsp;

	strlist_push(argv, lld);
	free(lld);
	for (i = 0; i < options->n; i++)
		bytes += strlen(options->v[i]) + 1;
	if (bytes > ARGV_LIMIT) {
		rsp = write_response(options);
		strlist_pushf(argv, "@%s", rsp);
		free(rsp);
	} else {
		strlist_append(argv, options);
	}
}

/* As a shell would want it, for -v and -###. */
static void show(FILE *f, const char *lld, const struct strlist *options)
{
	size_t i;
	const char *s;

	fprintf(f, " %s", lld);
	for (i = 0; i < options->n; i++) {
		fputs(" '", f);
		for (s = options->v[i]; *s; s++) {
			if (*s == '\'')
				fputs("'\\''", f);
			else
				putc(*s, f);
		}
		putc('\'', f);
	}
	putc('\n', f);
}

void lld_show(const struct strlist *options)
{
	char *lld = lld_path();

	show(stderr, lld, options);
	free(lld);
}

char *lld_version(void)
{
	char *lld = lld_path(), *out, *found;
	char *argv[] = {lld, (char[]){"--version"}, NULL};
	int status = run_capture(argv, &out);

	if (status != 0)
		die(EXIT_FAILED, "'%s --version' failed with status %d", lld,
		    status);
	out[strcspn(out, "\n")] = 0;
	found = strstr(out, "LLD");
	if (found)
		found = xstrdup(found);
	if (!found)
		die(EXIT_FAILED,
		    "'%s' isn't LLVM's lld (it says '%s'): set HALVM_LLD "
		    "to an lld, version 14 or later",
		    lld, out);
	free(lld);
	free(out);
	return found;
}

/* Runs argv; *err gets its standard error. */
static int run_collect(char *const argv[], char **err)
{
	int fd = memfd_create("lld", MFD_CLOEXEC);
	int saved = dup(2), status;
	off_t len;

	if (fd < 0 || saved < 0)
		die(EXIT_FAILED, "can't run lld: %s", strerror(errno));
	fflush(stderr);
	dup2(fd, 2);
	status = run_wait(argv);
	dup2(saved, 2);
	close(saved);
	len = lseek(fd, 0, SEEK_END);
	*err = xcalloc(1, (size_t)len + 1);
	if (len > 0 && pread(fd, *err, (size_t)len, 0) != len)
		(*err)[0] = 0;
	close(fd);
	return status;
}

struct hints {
	bool runtime, glibc, cxx, main;
};

static void hint_for(struct hints *h, const char *name)
{
	static const char *const glibc[] = {"__isoc99_",    "__isoc23_",
					    "__fdelt_chk",  "__errno_location@",
					    "__stack_chk_", "__libc_single_"};
	size_t i;

	if (str_starts(name, HALVM_SYSCALL))
		h->runtime = true;
	if (str_ends(name, "_chk"))
		h->glibc = true;
	for (i = 0; i < ARRAY_SIZE(glibc); i++)
		h->glibc = h->glibc || str_starts(name, glibc[i]);
	if (str_starts(name, "__cxa_") || str_starts(name, "__gxx_") ||
	    str_starts(name, "std::"))
		h->cxx = true;
	if (strcmp(name, "main") == 0)
		h->main = true;
}

static void print_hints(const char *err)
{
	static const char tag[] = "undefined symbol: ";
	struct hints h = {0};
	const char *p = err;
	char *name;

	while ((p = strstr(p, tag))) {
		p += strlen(tag);
		name = xstrndup(p, strcspn(p, "\n"));
		hint_for(&h, name);
		free(name);
	}
	if (h.runtime)
		fprintf(stderr,
			"%s: hint: the target's runtime has no such syscall\n",
			halvm_progname());
	if (h.glibc)
		fprintf(stderr,
			"%s: hint: some object was compiled against the "
			"host's libc: compile it with halvm-cc\n",
			halvm_progname());
	if (h.cxx)
		fprintf(stderr,
			"%s: hint: C++ has no library in the sysroot: only C "
			"is supported\n",
			halvm_progname());
	if (h.main)
		fprintf(stderr,
			"%s: hint: the program has no main: a module Main "
			"with main is missing, or -no-hs-main was given\n",
			halvm_progname());
}

/* lld's own words, without the crash report that LLVM appends. */
static void print_messages(const char *err)
{
	const char *end = strstr(err, "PLEASE submit a bug report");
	size_t n = end ? (size_t)(end - err) : strlen(err);

	fwrite(err, 1, n, stderr);
	if (n && err[n - 1] != '\n')
		putc('\n', stderr);
}

static void explain(int status, const char *err, const char *shown)
{
	int sig = status > 128 ? status - 128 : 0;

	if (strstr(err, "No space left on device")) {
		fprintf(stderr,
			"%s: error: can't write '%s': no space left on the "
			"disk\n",
			halvm_progname(), shown);
		return;
	}
	print_messages(err);
	if (sig)
		fprintf(stderr,
			"%s: error: lld was killed by signal %d (%s)%s; '%s' "
			"is not written\n",
			halvm_progname(), sig, strsignal(sig),
			sig == SIGKILL	? ": is memory short?"
			: sig == SIGBUS ? ": is the disk full?"
					: "",
			shown);
	else
		print_hints(err);
	/* Dies if it is another linker, which explains the failure. */
	if (!sig)
		free(lld_version());
}

bool lld_run(const struct strlist *options, const char *shown)
{
	struct strlist argv = {0};
	char *err;
	int status;

	make_argv(options, &argv);
	if (verbose)
		show(stderr, argv.v[0], options);
	status = run_collect(argv.v, &err);
	if (status != 0)
		explain(status, err, shown);
	else
		print_messages(err);
	free(err);
	strlist_free(&argv);
	return status == 0;
}
