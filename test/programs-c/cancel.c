/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pthread_cancel in all its forms: at each kind of blocking call, before the
 * call, while it blocks, disabled, masked, asynchronous, with cleanup
 * handlers; and that a cancellation never eats a call's result.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static int empty[2]; /* a pipe nothing is written to */
static int cleaned;
static sem_t started, go, never;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile long spins;

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

static void kill_child(void *pid)
{
	kill((pid_t)(intptr_t)pid, SIGKILL);
}

static void clean(void *arg)
{
	cleaned += (int)(intptr_t)arg;
}

static void wait_read(void)
{
	char c;

	read(empty[0], &c, 1);
}

static void wait_readv(void)
{
	char c;
	struct iovec v = {&c, 1};

	readv(empty[0], &v, 1);
}

static void wait_nanosleep(void)
{
	nanosleep(&(struct timespec){1000, 0}, NULL);
}

static void wait_poll(void)
{
	poll(&(struct pollfd){.fd = empty[0], .events = POLLIN}, 1, -1);
}

static void wait_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(empty[0], &set);
	select(empty[0] + 1, &set, NULL, NULL, NULL);
}

static void wait_epoll(void)
{
	struct epoll_event e;

	epoll_wait(epoll_create1(0), &e, 1, -1);
}

static void wait_accept(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr here = {.sa_family = AF_UNIX};

	CHECK(bind(s, &here, sizeof(sa_family_t)) == 0 && listen(s, 1) == 0);
	accept(s, NULL, NULL);
}

/* Takes six arguments, two of them on the stack of the cancellation point. */
static void wait_recvfrom(void)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof from;
	int s[2];
	char c;

	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, s) == 0);
	recvfrom(s[0], &c, 1, 0, (struct sockaddr *)&from, &size);
}

static void wait_cond(void)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	for (;;)
		pthread_cond_wait(&cond, &lock);
	pthread_cleanup_pop(1);
}

static void wait_sem(void)
{
	sem_wait(&never);
}

static void wait_sigsuspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
}

static void wait_pause(void)
{
	pause();
}

static void *sleeper(void *arg)
{
	wait_nanosleep();
	return arg;
}

static void wait_join(void)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, sleeper, NULL) == 0);
	pthread_join(t, NULL);
}

/* Class never, so another way through the runtime. */
static void wait_child(void)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		alarm(20);
		pause();
		_exit(0);
	}
	pthread_cleanup_push(kill_child, (void *)(intptr_t)pid);
	waitpid(pid, NULL, 0);
	pthread_cleanup_pop(0);
}

static void wait_lock(void)
{
	char name[] = "/tmp/halvm-cancel-XXXXXX";
	struct flock f = {.l_type = F_WRLCK, .l_len = 1};
	int fd = mkstemp(name);
	int ready[2];
	pid_t pid;
	char c;

	CHECK(fd >= 0 && unlink(name) == 0 && pipe(ready) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(fcntl(fd, F_SETLK, &f) == 0);
		write(ready[1], "x", 1);
		alarm(20);
		pause();
		_exit(0);
	}
	pthread_cleanup_push(kill_child, (void *)(intptr_t)pid);
	CHECK(read(ready[0], &c, 1) == 1);
	fcntl(fd, F_SETLKW, &f);
	pthread_cleanup_pop(0);
}

static void spin(void)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		spins++;
}

static void test_cancel(void)
{
	for (;;) {
		spins++;
		pthread_testcancel();
	}
}

static const struct {
	const char *name;
	void (*wait)(void);
} forms[] = {
    {"read", wait_read},
    {"readv", wait_readv},
    {"nanosleep", wait_nanosleep},
    {"poll", wait_poll},
    {"select", wait_select},
    {"epoll_wait", wait_epoll},
    {"accept", wait_accept},
    {"recvfrom", wait_recvfrom},
    {"pthread_cond_wait", wait_cond},
    {"sem_wait", wait_sem},
    {"sigsuspend", wait_sigsuspend},
    {"pause", wait_pause},
    {"pthread_join", wait_join},
    {"waitpid", wait_child},
    {"fcntl", wait_lock},
    {"asynchronous", spin},
    {"pthread_testcancel", test_cancel},
};

static void *victim(void *arg)
{
	void (*const *wait)(void) = arg;

	pthread_cleanup_push(clean, (void *)1);
	pthread_cleanup_push(clean, (void *)10);
	sem_post(&started);
	for (;;)
		(*wait)();
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

/* The thread is cancelled `delay` microseconds after it started. */
static void cancel_after(int form, useconds_t delay)
{
	pthread_t t;
	void *result;

	cleaned = 0;
	CHECK(pthread_create(&t, NULL, victim, (void *)&forms[form].wait) == 0);
	CHECK(sem_wait(&started) == 0);
	if (delay)
		usleep(delay);
	CHECK(pthread_cancel(t) == 0);
	CHECK(pthread_join(t, &result) == 0);
	CHECK(result == PTHREAD_CANCELED && cleaned == 11);
}

static void blocking_calls(void)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		for (int n = 0; n < 20; n++)
			cancel_after((int)i, 0);
		cancel_after((int)i, 20000);
		passed(forms[i].name);
	}
	while (wait(NULL) > 0)
		;
}

static void *disabled(void *arg)
{
	int old;

	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old) == 0);
	CHECK(old == PTHREAD_CANCEL_ENABLE);
	sem_post(&started);
	sem_wait(&go);
	CHECK(usleep(1000) == 0);
	CHECK(write(empty[1], "x", 1) == 1);
	wait_read();
	passed("disabled: still here");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return arg;
}

/* musl's third state: a cancellation shows as ECANCELED, once. */
static void *masked(void *arg)
{
	char c;

	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_MASKED, NULL) == 0);
	sem_post(&started);
	errno = 0;
	CHECK(read(empty[0], &c, 1) == -1 && errno == ECANCELED);
	passed("masked: ECANCELED");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return arg;
}

/* close is special: it must not be interrupted once the descriptor is gone. */
static void *closer(void *arg)
{
	int fd = dup(empty[0]);

	sem_post(&started);
	sem_wait(&go);
	while (close(fd) == 0)
		fd = dup(empty[0]);
	return arg;
}

static void one(void *(*f)(void *), const char *what)
{
	pthread_t t;
	void *result;

	CHECK(pthread_create(&t, NULL, f, NULL) == 0);
	CHECK(sem_wait(&started) == 0);
	if (f == masked)
		usleep(20000);
	CHECK(pthread_cancel(t) == 0);
	sem_post(&go);
	CHECK(pthread_join(t, &result) == 0);
	CHECK(result == PTHREAD_CANCELED);
	while (sem_trywait(&go) == 0)
		;
	passed(what);
}

static int stream[2];
static long taken;

static void *reader(void *arg)
{
	char c;

	sem_post(&started);
	for (;;)
		if (read(stream[0], &c, 1) == 1)
			taken++;
	return arg;
}

/* Bytes read before the end of each thread, and those left, make up all. */
static void no_loss(void)
{
	long written = 0, left = 0;
	char c;

	CHECK(pipe2(stream, O_CLOEXEC) == 0);
	for (int i = 0; i < 300; i++) {
		pthread_t t;
		void *result;

		CHECK(pthread_create(&t, NULL, reader, NULL) == 0);
		CHECK(sem_wait(&started) == 0);
		for (int n = 0; n < 20; n++, written++)
			CHECK(write(stream[1], "x", 1) == 1);
		CHECK(pthread_cancel(t) == 0);
		CHECK(pthread_join(t, &result) == 0);
		CHECK(result == PTHREAD_CANCELED);
	}
	CHECK(fcntl(stream[0], F_SETFL, O_NONBLOCK) == 0);
	while (read(stream[0], &c, 1) == 1)
		left++;
	CHECK(taken + left == written);
	passed("nothing lost");
}

int main(void)
{
	CHECK(pipe2(empty, O_CLOEXEC) == 0);
	sem_init(&started, 0, 0);
	sem_init(&go, 0, 0);
	sem_init(&never, 0, 0);
	blocking_calls();
	one(disabled, "disabled");
	one(masked, "masked");
	one(closer, "close");
	no_loss();
	return 0;
}
