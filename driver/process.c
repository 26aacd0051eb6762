/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running other programs and the temporary directory: see util.h.
 *
 * What the signal handler does (end the child, remove the directory) uses only
 * async-signal-safe calls, and the same code serves the normal exit.
 */
#include "config.h"
#include "util.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char *tmpdir;
static pid_t tmpdir_owner; /* a fork of us must leave it */
static volatile pid_t child;

/* A record of getdents64(2). */
struct dirent_record {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

/*
 * Removes what is inside; async-signal-safe, so without opendir(3).
 * Directories nest at most as deep as the programs we run nest them.
 */
static void remove_inside(int dir)
{
	_Alignas(struct dirent_record) char buf[2048];
	long got;
	bool again = true;
	while (again) {
		again = false;
		lseek(dir, 0, SEEK_SET);
		while ((got = syscall(SYS_getdents64, dir, buf, sizeof(buf))) >
		       0) {
			for (long at = 0; at < got;) {
				struct dirent_record *d = (void *)(buf + at);
				at += d->reclen;
				if (strcmp(d->name, ".") == 0 ||
				    strcmp(d->name, "..") == 0)
					continue;
				if (unlinkat(dir, d->name, 0) == 0) {
					again = true;
					continue;
				}
				int sub =
				    openat(dir, d->name,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
				if (sub < 0)
					continue;
				remove_inside(sub);
				close(sub);
				if (unlinkat(dir, d->name, AT_REMOVEDIR) == 0)
					again = true;
			}
		}
	}
}

static void remove_tmpdir(void)
{
	if (!tmpdir || tmpdir_owner != getpid())
		return;
	int dir = open(tmpdir, O_RDONLY | O_DIRECTORY);
	if (dir >= 0) {
		remove_inside(dir);
		close(dir);
	}
	rmdir(tmpdir);
}

void temp_dir_remove(void)
{
	remove_tmpdir();
}

static void on_signal(int sig)
{
	if (child > 0) {
		kill(child, sig);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	remove_tmpdir();
	signal(sig, SIG_DFL);
	raise(sig);
}

char *temp_dir(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
	if (tmpdir && tmpdir_owner == getpid())
		return tmpdir;
	const char *base = getenv("TMPDIR");
	if (!base || !*base)
		base = "/tmp";
	char *abs = path_absolute(base);
	char *name = path_join(abs, "halvm-XXXXXX");
	free(abs);
	if (!mkdtemp(name))
		die(EXIT_FAILED,
		    "can't make a temporary directory in '%s': %s; "
		    "set TMPDIR to a directory with room",
		    base, strerror(errno));
	tmpdir_owner = getpid();
	tmpdir = name;
	atexit(remove_tmpdir);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct sigaction old, sa = {.sa_handler = on_signal};
		sigemptyset(&sa.sa_mask);
		for (size_t j = 0; j < ARRAY_SIZE(signals); j++)
			sigaddset(&sa.sa_mask, signals[j]);
		/* What nohup ignores stays ignored. */
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	}
	return tmpdir;
}

static void cannot_run(const char *prog, int error)
{
	fprintf(stderr, "%s: error: can't run '%s': %s\n", halvm_progname(),
		prog, strerror(error));
}

static int spawn(char *const argv[], const posix_spawn_file_actions_t *fa,
		 pid_t *pid)
{
	fflush(stdout);
	int error = posix_spawnp(pid, argv[0], fa, NULL, argv, environ);
	if (error)
		cannot_run(argv[0], error);
	return error;
}

static int wait_for(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			die(EXIT_FAILED, "waitpid: %s", strerror(errno));
	}
	child = 0;
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

int run_wait(char *const argv[])
{
	pid_t pid;
	if (spawn(argv, NULL, &pid))
		return 127;
	child = pid;
	return wait_for(pid);
}

int run_capture(char *const argv[], char **out)
{
	int fd[2];
	pid_t pid;
	posix_spawn_file_actions_t fa;
	*out = NULL;
	if (pipe2(fd, O_CLOEXEC) < 0)
		die(EXIT_FAILED, "pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fd[1], 1);
	int error = spawn(argv, &fa, &pid);
	posix_spawn_file_actions_destroy(&fa);
	close(fd[1]);
	if (error) {
		close(fd[0]);
		*out = xstrdup("");
		return 127;
	}
	child = pid;
	size_t n = 0, cap = 256;
	char *buf = xmalloc(cap);
	for (;;) {
		ssize_t got = read(fd[0], buf + n, cap - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
		if (cap - n < 2)
			buf = xrealloc(buf, cap *= 2);
	}
	close(fd[0]);
	buf[n] = '\0';
	*out = buf;
	return wait_for(pid);
}

void run_exec(char *const argv[])
{
	if (tmpdir)
		exit(run_wait(argv));
	fflush(stdout);
	execvp(argv[0], argv);
	cannot_run(argv[0], errno);
	exit(127);
}
