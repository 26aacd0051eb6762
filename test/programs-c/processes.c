/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processes, which only the linux target has: fork from a program with
 * threads, exec, wait in its forms, posix_spawn with actions and attributes,
 * vfork, system, popen, pipes between them.
 *
 * It starts itself with an argument as the program to execute.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

extern char **environ;

static char self[] = "/proc/self/exe";

static int exit_status(pid_t pid)
{
	int status;

	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void *in_thread(void *arg)
{
	pthread_t me = pthread_self();
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		/* The copy has one thread, whose data is this one's. */
		CHECK(pthread_equal(pthread_self(), me));
		CHECK(gettid() == getpid());
		exit(11);
	}
	CHECK(exit_status(pid) == 11);
	return arg;
}

static void forks(void)
{
	int p[2], value = 1;
	pthread_t t;
	pid_t pid;

	CHECK(pipe(p) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		value = 2;
		CHECK(write(p[1], &value, sizeof value) == sizeof value);
		_exit(9);
	}
	CHECK(exit_status(pid) == 9 && value == 1);
	CHECK(read(p[0], &value, sizeof value) == sizeof value && value == 2);
	CHECK(pthread_create(&t, NULL, in_thread, NULL) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	passed("fork");

	pid = vfork();
	CHECK(pid >= 0);
	if (pid == 0)
		_exit(10);
	CHECK(exit_status(pid) == 10);
	passed("vfork");
}

static void exec(void)
{
	char *args[] = {self, "child", "execve", NULL};
	char *env[] = {"HALVM_TEST=given", NULL};
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		execve(self, args, env);
		_exit(99);
	}
	CHECK(exit_status(pid) == 3);
	CHECK(execve("/nonexistent", args, env) == -1 && errno == ENOENT);
	passed("execve");
}

static void waits(void)
{
	siginfo_t info;
	struct rusage usage;
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		pause();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, WNOHANG) == 0);
	CHECK(kill(pid, SIGSTOP) == 0);
	CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	CHECK(kill(pid, SIGKILL) == 0);
	CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	CHECK(info.si_pid == pid && info.si_code == CLD_KILLED);
	CHECK(wait4(pid, &status, 0, &usage) == pid && WIFSIGNALED(status));
	CHECK(wait(NULL) == -1 && errno == ECHILD);
	passed("wait");
}

static void spawn(void)
{
	char *args[] = {self, "child", "spawn", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	char text[100] = "";
	int p[2];
	pid_t pid;

	CHECK(pipe2(p, O_CLOEXEC) == 0);
	CHECK(posix_spawn_file_actions_init(&actions) == 0);
	CHECK(posix_spawn_file_actions_adddup2(&actions, p[1], 1) == 0);
	CHECK(posix_spawnattr_init(&attr) == 0);
	CHECK(posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(posix_spawnattr_setsigmask(&attr, &set) == 0);
	CHECK(posix_spawn(&pid, self, &actions, &attr, args, environ) == 0);
	CHECK(close(p[1]) == 0);
	CHECK(exit_status(pid) == 4);
	CHECK(read(p[0], text, sizeof text - 1) > 0);
	CHECK(!strcmp(text, "child: spawn, SIGUSR1 blocked\n"));
	CHECK(posix_spawn(&pid, "/nonexistent", NULL, NULL, args, environ) ==
	      ENOENT);
	passed("posix_spawn");
}

static void shell(void)
{
	char text[100] = "";
	FILE *f;

	CHECK(WEXITSTATUS(system("exit 5")) == 5);
	CHECK(system(NULL) != 0);
	f = popen("read x; echo \"got $x\"; exit 6", "r");
	CHECK(f && fgets(text, sizeof text, f));
	CHECK(!strcmp(text, "got \n"));
	CHECK(WEXITSTATUS(pclose(f)) == 6);
	passed("system and popen");
}

static int child(const char *what)
{
	sigset_t set;

	if (!strcmp(what, "execve")) {
		CHECK(!strcmp(getenv("HALVM_TEST"), "given"));
		CHECK(!environ[1]);
		return 3;
	}
	CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
	printf("child: %s, SIGUSR1 %s\n", what,
	       sigismember(&set, SIGUSR1) ? "blocked" : "open");
	return 4;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "child"))
		return child(argv[2]);
	forks();
	exec();
	waits();
	spawn();
	shell();
	return 0;
}
