/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The harness of the unit tests: checks print TAP, and the program's exit
 * status is 1 if one failed. One source file a program, so all is static.
 *
 *	check(cond, "name %d", n);
 *	check_str(got, want, "name");
 *	check_dies(fn, arg, status, "part of the message", "name");
 *	return check_done();
 */
#ifndef HALVM_TEST_CHECK_H
#define HALVM_TEST_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What dies leaves memory behind, which is no leak worth a report. */
extern void __lsan_disable(void) __attribute__((weak));

static int check_count, check_failed;

static inline __attribute__((format(printf, 4, 5))) bool
check_at(const char *file, int line, bool good, const char *name, ...)
{
	va_list ap;
	printf("%s %d - ", good ? "ok" : "not ok", ++check_count);
	va_start(ap, name);
	vprintf(name, ap);
	va_end(ap);
	putchar('\n');
	if (!good) {
		check_failed++;
		printf("# at %s:%d\n", file, line);
	}
	fflush(stdout);
	return good;
}

#define check(good, ...) check_at(__FILE__, __LINE__, (good), __VA_ARGS__)

static inline void check_str_at(const char *file, int line, const char *got,
				const char *want, const char *name)
{
	bool same = got && want ? strcmp(got, want) == 0 : got == want;
	if (!check_at(file, line, same, "%s", name))
		printf("# got  %s\n# want %s\n", got ? got : "(null)",
		       want ? want : "(null)");
}

#define check_str(got, want, name)                                             \
	check_str_at(__FILE__, __LINE__, (got), (want), (name))

/* Runs fn(arg) in a child: its exit status, with its stderr in text. */
static inline int check_run(void (*fn)(void *), void *arg, char *text,
			    size_t size)
{
	int fd[2], status;
	size_t n = 0;
	ssize_t got;
	fflush(stdout);
	if (pipe(fd) < 0)
		abort();
	pid_t pid = fork();
	if (pid == 0) {
		if (__lsan_disable)
			__lsan_disable();
		dup2(fd[1], 2);
		close(fd[0]);
		close(fd[1]);
		fn(arg);
		_exit(0);
	}
	close(fd[1]);
	while ((got = read(fd[0], text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline void check_dies_at(const char *file, int line, void (*fn)(void *),
				 void *arg, int want, const char *part,
				 const char *name)
{
	char text[4096];
	int status = check_run(fn, arg, text, sizeof(text));
	bool good = status == want && strstr(text, part);
	if (!check_at(file, line, good, "%s", name))
		printf("# status %d, want %d; it said: %s\n# want: %s\n",
		       status, want, text, part);
}

#define check_dies(fn, arg, status, part, name)                                \
	check_dies_at(__FILE__, __LINE__, (fn), (arg), (status), (part), (name))

static inline int check_done(void)
{
	printf("1..%d\n", check_count);
	return check_failed ? 1 : 0;
}

#endif
