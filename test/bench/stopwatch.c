/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stopwatch OUTPUT PROGRAM [ARGUMENT...]: runs a program with stdout to the
 * file OUTPUT, and prints one line: seconds by the wall clock, seconds of CPU
 * (user and system), the largest resident size in KiB. The exit status is the
 * program's, or 127 with a message when it can't be run.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double wall_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	double start;
	pid_t child;
	int status, error;

	if (argc < 3) {
		fputs("usage: stopwatch OUTPUT PROGRAM [ARGUMENT...]\n",
		      stderr);
		return 2;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, argv[1],
					 O_WRONLY | O_CREAT | O_TRUNC, 0666);
	start = wall_seconds();
	error =
	    posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ);
	if (error) {
		fprintf(stderr, "stopwatch: error: %s: %s\n", argv[2],
			strerror(error));
		return 127;
	}
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return 127;
	printf("%.6f %.6f %ld\n", wall_seconds() - start,
	       seconds(usage.ru_utime) + seconds(usage.ru_stime),
	       usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
