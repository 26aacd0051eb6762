/* SPDX-License-Identifier: BSD-3-Clause */
/* What an image is for, and how such a one is run: see run.h. */
#include "config.h"
#include "run.h"

#include "cpio.h"
#include "image.h"
#include "run_xen.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * A descriptor that is closed is filled, so that no file of ours takes its
 * place: reading it ends at once, writing to it fails.  The program finds it
 * closed.
 */
static bool was_closed[3];

static void fill_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		was_closed[fd] = fcntl(fd, F_GETFD) < 0;
		if (was_closed[fd] && open("/dev/null", O_RDONLY) != fd)
			die(EXIT_FAILED, "can't open /dev/null: %s",
			    strerror(errno));
	}
}

static void print_words(const struct strlist *argv)
{
	for (size_t i = 0; i < argv->n; i++) {
		char *word = run_quote_shell(argv->v[i]);
		printf("%s%s", i ? " " : "", word);
		free(word);
	}
}

void run_print_command(const struct strlist *argv)
{
	print_words(argv);
	putchar('\n');
}

static volatile sig_atomic_t host_pid;

static void pass_on(int sig)
{
	if (host_pid > 0)
		kill(host_pid, sig);
}

/* Ends as the program did. */
static _Noreturn void end_as(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		kill(getpid(), WTERMSIG(status));
		exit(128 + WTERMSIG(status));
	}
	exit(WEXITSTATUS(status));
}

static _Noreturn void exec_host(const char *path, char *const argv[])
{
	for (int fd = 0; fd < 3; fd++)
		if (was_closed[fd])
			close(fd);
	execvp(path, argv);
	fprintf(stderr, "%s: error: can't run '%s': %s\n", halvm_progname(),
		path, strerror(errno));
	_exit(EXIT_FAILED);
}

/* With a limit of time we stay its parent; it is in our process group. */
static _Noreturn void time_host(const struct run_args *a, const char *path,
				char *const argv[])
{
	static const int passed[] = {SIGHUP, SIGTERM};
	struct timespec limit = {.tv_sec = (time_t)a->timeout};
	sigset_t set, old;
	int status;

	limit.tv_nsec = (long)((a->timeout - (double)limit.tv_sec) * 1e9);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	fflush(NULL);
	host_pid = fork();
	if (host_pid < 0)
		die(EXIT_FAILED, "can't start a process: %s", strerror(errno));
	if (host_pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		sigprocmask(SIG_SETMASK, &old, NULL);
		exec_host(path, argv);
	}
	for (size_t i = 0; i < ARRAY_SIZE(passed); i++)
		signal(passed[i], pass_on);
	if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN) {
		kill(host_pid, SIGKILL);
		waitpid(host_pid, &status, 0);
		die(RUN_TIMEOUT, "stopped after %g seconds", a->timeout);
	}
	while (waitpid(host_pid, &status, 0) < 0 && errno == EINTR)
		;
	end_as(status);
}

static void host_refuses(const struct run_args *a)
{
	if (a->root)
		die(EXIT_USAGE,
		    "--root: '%s' is for the linux target, whose files are "
		    "the host's",
		    a->image);
	if (a->gdb)
		die(EXIT_USAGE,
		    "--gdb: '%s' is an ordinary program here: gdb --args %s",
		    a->image, a->image);
}

/* An image that the host's kernel runs: this process becomes it. */
static _Noreturn void run_host(const struct run_args *a)
{
	struct strlist argv = {0};
	char *path = strchr(a->image, '/') ? xstrdup(a->image)
					   : path_join(".", a->image);

	host_refuses(a);
	strlist_push(&argv, a->image);
	strlist_append(&argv, &a->args);
	if (a->dry_run) {
		free(argv.v[0]);
		argv.v[0] = path;
		run_print_command(&argv);
		finish(0);
	}
	if (a->clear_env)
		clearenv();
	for (size_t i = 0; i < a->env.n; i++)
		putenv(xstrdup(a->env.v[i]));
	char *absolute = path_absolute(path);
	if (a->cwd && chdir(a->cwd) < 0)
		die(EXIT_FAILED, "--cwd=%s: %s", a->cwd, strerror(errno));
	if (access(absolute, X_OK) < 0)
		die(EXIT_FAILED, "can't run '%s': %s", a->image,
		    strerror(errno));
	if (a->verbose)
		fprintf(stderr, "%s: '%s' is for the linux target: runs here\n",
			halvm_progname(), a->image);
	if (a->timeout > 0)
		time_host(a, absolute, argv.v);
	fflush(NULL);
	exec_host(absolute, argv.v);
}

/* The archive that --root= is, or is made into. */
static const char *root_archive(const char *root)
{
	char *path = path_join(temp_dir(), "root.cpio");
	struct cpio c = {.out = fopen(path, "we")};

	if (c.out)
		cpio_from(&c, root);
	if (!c.out || (ferror(c.out) | fclose(c.out)))
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	return path;
}

static void fill_plan(const struct run_args *a, const struct target *t,
		      struct run_plan *p)
{
	*p = (struct run_plan){.args = a, .target = t, .image = a->image};
	for (int fd = 0; fd < 3; fd++) {
		p->tty[fd] = isatty(fd);
		p->closed[fd] = was_closed[fd];
	}
	run_terminal_size(&p->rows, &p->columns);
	if (a->cpus > 1)
		warn("--cpus=%u: the runtime uses one of them", a->cpus);
	if (a->root) {
		target_need_root(t);
		p->initrd = a->dry_run ? a->root : root_archive(a->root);
	}
}

static void choose_accel(struct run_plan *p)
{
	const struct run_args *a = p->args;
	const char *why;

	p->accel = run_accel_choose(a->accel, &why);
	if (a->verbose)
		fprintf(stderr, "%s: target %s, accelerator %s: %s%s\n",
			halvm_progname(), p->target->name,
			p->accel == ACCEL_KVM ? "kvm" : "tcg",
			p->accel == ACCEL_KVM || a->accel != ACCEL_AUTO
			    ? ""
			    : "KVM: ",
			why);
}

/* How to look at a machine that waits for it. */
static void explain_gdb(const struct install *in, const struct run_args *a)
{
	char *script = path_join(in->libdir, "gdb/halvm.gdb");
	char *quoted = run_quote_shell(script);
	char *image = run_quote_shell(a->image);

	fprintf(stderr,
		"%s: the machine waits for gdb:\n"
		"  gdb -q -x %s -ex 'target remote 127.0.0.1:%u' %s\n",
		halvm_progname(), quoted, a->gdb, image);
	free(image);
	free(quoted);
	free(script);
}

/* Firmware would load a larger image to where no memory is, and stop. */
static uint64_t check_memory(const struct run_args *a, const struct image *im)
{
	struct image_segment s;
	uint64_t end = 0;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type == PT_LOAD && s.paddr + s.memsz > end)
			end = s.paddr + s.memsz;
	}
	if (run_memory_size(a->memory) < end)
		die(EXIT_FAILED,
		    "--memory=%s: the image alone lies in the first %llu KiB",
		    a->memory, (unsigned long long)(end + 1023) / 1024);
	return end;
}

/*
 * GRUB would boot the image without the files that it has no room for. What it
 * takes itself is given back by then, but not where the files are to go.
 */
static void check_root(const struct run_args *a, const char *archive,
		       uint64_t image_end)
{
	const uint64_t grub = 4 << 20;
	struct stat st;

	if (stat(archive, &st) == 0 && S_ISREG(st.st_mode) &&
	    run_memory_size(a->memory) <
		image_end + grub + (uint64_t)st.st_size)
		die(EXIT_FAILED,
		    "--memory=%s: image, loader and the files of --root need "
		    "%llu KiB",
		    a->memory,
		    (unsigned long long)(image_end + grub +
					 (uint64_t)st.st_size + 1023) /
			1024);
}

/* The disk to boot from. */
static const char *boot_disk(const struct run_plan *p)
{
	struct strlist argv = {0};
	const char *path;

	if (!p->args->dry_run)
		return run_disk_make(p);
	path = run_disk_dry(p, &argv);
	print_words(&argv);
	printf(" && ");
	strlist_free(&argv);
	return path;
}

/* A disk that halvm-image made: this process becomes QEMU. */
static _Noreturn void run_disk(const struct run_args *a,
			       const struct run_disk_file *d)
{
	static struct target t = {
	    .name = "disks", .boot = "disk", .machines = "pc q35"};
	struct strlist argv = {0};
	struct run_plan p;

	run_disk_file_check(a);
	fill_plan(a, &t, &p);
	choose_accel(&p);
	run_disk_check(&p);
	p.disk = a->image;
	p.file = d;
	run_qemu_command(&p, &argv);
	if (a->dry_run) {
		run_print_command(&argv);
		finish(0);
	}
	if (a->timeout > 0)
		time_host(a, argv.v[0], argv.v);
	fflush(NULL);
	exec_host(argv.v[0], argv.v);
}

static int run_qemu(struct run_plan *p, const struct install *in,
		    uint64_t image_end)
{
	struct carrier c = {.name = "QEMU"};

	if (p->args->xl_args.n)
		die(EXIT_USAGE, "--xl-arg: '%s' isn't for Xen", p->image);
	choose_accel(p);
	run_disk_check(p);
	if (target_boots_disk(p->target) && p->initrd)
		check_root(p->args, p->initrd, image_end);
	if (target_boots_disk(p->target))
		p->disk = boot_disk(p);
	run_qemu_command(p, &c.argv);
	if (p->args->dry_run) {
		run_print_command(&c.argv);
		finish(0);
	}
	if (p->args->gdb)
		explain_gdb(in, p->args);
	int status = run_machine(p, &c);
	strlist_free(&c.argv);
	return status;
}

/* target_load would take it for a mistake on the command line. */
static void know_target(const struct install *in, const struct image *im,
			const char *path)
{
	struct strlist known = {0};
	bool found = false;

	target_list(in, &known);
	for (size_t i = 0; i < known.n; i++)
		found = found || strcmp(known.v[i], im->target) == 0;
	if (!found)
		die(EXIT_FAILED,
		    "'%s' is for the target '%s', which this installation "
		    "doesn't know; the known ones: %s",
		    path, im->target, strlist_join(&known, ", "));
	strlist_free(&known);
}

static bool runs_by(const struct target *t, const char *how)
{
	return t->run && strcmp(t->run, how) == 0;
}

int run_image(const struct install *in, const struct run_args *a)
{
	struct mapfile file;
	struct run_plan p;
	struct image im;
	struct target t;
	uint64_t image_end = 0;
	struct run_disk_file disk;

	fill_descriptors();
	if (run_disk_file(a->image, &disk))
		run_disk(a, &disk);
	image_load(&im, &file, a->image);
	know_target(in, &im, a->image);
	target_load(in, im.target, &t);
	if (!runs_by(&t, "host"))
		image_end = check_memory(a, &im);
	mapfile_close(&file);
	if (runs_by(&t, "host"))
		run_host(a);
	fill_plan(a, &t, &p);
	if (runs_by(&t, "qemu"))
		return run_qemu(&p, in, image_end);
	if (runs_by(&t, "xl"))
		return run_xen(&p, in);
	die(EXIT_FAILED,
	    "'%s' is for the target '%s', which halvm-run can't run", a->image,
	    t.name);
}
