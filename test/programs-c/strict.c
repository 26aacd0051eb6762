/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strict mode: what libc makes of calls of class never, and that others still
 * work.  Standard input lists every call of that class as the table has it,
 *
 *   name nr errno
 *
 * and each must fail with just that errno.  Outside strict mode (the argument
 * `open`) it only shows that fork works.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "check.h"

static const struct {
	const char *name;
	int value;
} errnos[] = {
    {"ENOSYS", ENOSYS}, {"EPERM", EPERM},	    {"ECHILD", ECHILD},
    {"EINTR", EINTR},	{"EOPNOTSUPP", EOPNOTSUPP}, {"EINVAL", EINVAL},
};

static int errno_named(const char *name)
{
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].value;
	return -1;
}

/* Bad arguments, should one ever get through to the kernel. */
static void whole_class(void)
{
	char name[64], error[64];
	int n = 0;
	long nr;

	while (scanf("%63s %ld %63s", name, &nr, error) == 3) {
		errno = 0;
		if (syscall(nr, -1L, -1L, -1L, -1L, -1L, -1L) != -1 ||
		    errno != errno_named(error)) {
			fprintf(stderr, "%s: %s instead of %s\n", name,
				strerror(errno), error);
			exit(1);
		}
		n++;
	}
	CHECK(n > 100);
	passed("class never");
}

static int cloned(void *arg)
{
	(void)arg;
	_exit(1);
}

static void processes(void)
{
	static char stack[4096];
	char *args[] = {"true", NULL};
	int status;
	pid_t pid;

	CHECK(fork() == -1 && errno == ENOSYS);
	CHECK(vfork() == -1 && errno == ENOSYS);
	CHECK(clone(cloned, stack + sizeof stack, SIGCHLD, NULL) == -1);
	CHECK(errno == ENOSYS);
	CHECK(posix_spawnp(&pid, "true", NULL, NULL, args, NULL) == ENOSYS);
	CHECK(system("true") == -1);
	CHECK(!popen("true", "r") && errno == ENOSYS);
	CHECK(execvp("true", args) == -1 && errno == ENOSYS);
	CHECK(waitpid(-1, &status, 0) == -1 && errno == ECHILD);
	CHECK(wait(&status) == -1 && errno == ECHILD);
	passed("no processes");
}

static void administration(void)
{
	CHECK(mount("a", "/", "b", 0, NULL) == -1 && errno == EPERM);
	CHECK(chroot("/") == -1 && errno == EPERM);
	CHECK(sethostname("a", 1) == -1 && errno == EPERM);
	CHECK(getxattr("/", "user.a", NULL, 0) == -1 && errno == EOPNOTSUPP);
	passed("no administration");
}

static void *waiting(void *fd)
{
	char c;

	CHECK(read(*(int *)fd, &c, 1) == 1);
	return NULL;
}

static void *waiting_child(void *arg)
{
	for (;;)
		waitpid(-1, NULL, 0);
	return arg;
}

/* Threads are clone too, and waitpid is a cancellation point even so. */
static void threads(void)
{
	pthread_t t;
	void *result;
	int p[2];

	CHECK(pipe(p) == 0);
	CHECK(pthread_create(&t, NULL, waiting, &p[0]) == 0);
	CHECK(write(p[1], "x", 1) == 1);
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(pthread_create(&t, NULL, waiting_child, NULL) == 0);
	CHECK(pthread_cancel(t) == 0);
	CHECK(pthread_join(t, &result) == 0 && result == PTHREAD_CANCELED);
	passed("threads");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "open")) {
		pid_t pid = fork();
		int status;

		CHECK(pid >= 0);
		if (pid == 0)
			_exit(3);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
		passed("fork works");
		return 0;
	}
	/* First of all: the rest must not run outside strict mode. */
	CHECK(fork() == -1 && errno == ENOSYS);
	whole_class();
	processes();
	administration();
	threads();
	return 0;
}
