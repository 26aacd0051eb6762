/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timers - many timers in flight: sleeps of many threads, timer_create with
 * signals and with threads, setitimer, timerfd, timed waits.  No timer may be
 * lost, none be early; how late they are is not judged (but a whole run that
 * hangs is).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/timerfd.h>
#include "stress.h"

enum { sleepers = 40, timers_max = 64 };

/* An expiration that is so many nanoseconds overdue is lost. */
static const int64_t patience = 5000000000;

static volatile int fired[timers_max];
static sem_t called;
static long amount_now;

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static struct timespec in_ns(int64_t ns)
{
	return (struct timespec){ns / 1000000000, ns % 1000000000};
}

/* Sleeps of all kinds, none of which may end early. */
static void *sleeper(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 8 | (uintptr_t)arg;

	for (long i = 0; i < amount_now / 10 + 1; i++) {
		int64_t wait = stress_below(&random, 3000000);
		struct timespec t = in_ns(wait), left;
		int64_t start = now_ns();
		struct pollfd none;

		switch (stress_below(&random, 3)) {
		case 0:
			while (nanosleep(&t, &left) != 0) {
				CHECK(errno == EINTR);
				t = left;
			}
			break;
		case 1:
			t = in_ns(start + wait);
			while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
					       &t, NULL) == EINTR)
				continue;
			break;
		case 2:
			wait = wait / 1000000 * 1000000;
			while (poll(&none, 0, (int)(wait / 1000000)) < 0)
				wait = 0; /* interrupted: no promise */
			break;
		}
		CHECK(now_ns() - start >= wait);
	}
	return NULL;
}

static void sleeping(void)
{
	pthread_t t[sleepers];

	for (uintptr_t i = 0; i < sleepers; i++)
		CHECK(pthread_create(&t[i], NULL, sleeper, (void *)i) == 0);
	for (int i = 0; i < sleepers; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
}

static void on_timer(int s, siginfo_t *info, void *context)
{
	(void)s;
	(void)context;
	if (info->si_code == SI_TIMER)
		fired[info->si_value.sival_int] +=
		    1 + info->si_overrun; /* one handler at a time */
}

/*
 * Many POSIX timers that share a signal; the expirations of one whose signal
 * is still pending are its overruns.
 */
static void signalling(long amount)
{
	long n = amount < timers_max ? amount : timers_max;
	struct sigaction action = {.sa_sigaction = on_timer,
				   .sa_flags = SA_SIGINFO | SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
				 .sigev_signo = SIGRTMIN + 1};
	uint64_t random = (uint64_t)stress_round;
	timer_t timer[timers_max];

	CHECK(sigaction(SIGRTMIN + 1, &action, NULL) == 0);
	for (int i = 0; i < n; i++) {
		struct itimerspec t = {
		    .it_value = in_ns(1 + stress_below(&random, 5000000)),
		    .it_interval = in_ns(i % 2 ? 1000000 + 50000 * i : 0)};

		fired[i] = 0;
		event.sigev_value.sival_int = i;
		CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer[i]) == 0);
		CHECK(timer_settime(timer[i], 0, &t, NULL) == 0);
	}
	for (int i = 0; i < n; i++)
		while (fired[i] < (i % 2 ? 5 : 1))
			usleep(500);
	for (int i = 0; i < n; i++)
		CHECK(timer_delete(timer[i]) == 0);
	for (int i = 0; i < n; i += 2)
		CHECK(fired[i] == 1);
}

static void on_thread(union sigval value)
{
	CHECK(value.sival_int == 7);
	sem_post(&called);
}

static void notifying(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD,
				 .sigev_notify_function = on_thread,
				 .sigev_value.sival_int = 7};
	struct itimerspec t = {.it_value = in_ns(300000),
			       .it_interval = in_ns(700000)};
	timer_t timer;

	CHECK(sem_init(&called, 0, 0) == 0);
	CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &t, NULL) == 0);
	for (int i = 0; i < 5; i++)
		while (sem_wait(&called) != 0)
			CHECK(errno == EINTR);
	CHECK(timer_delete(timer) == 0);
}

/* The expirations that timerfds count must be those that time allows. */
static void descriptors(long amount)
{
	long n = amount < timers_max ? amount : timers_max;
	struct pollfd fd[timers_max];
	uint64_t sum[timers_max] = {0}, count;
	int64_t period[timers_max], start[timers_max], armed[timers_max];

	for (int i = 0; i < n; i++) {
		period[i] = 200000 + 10000 * i;
		struct itimerspec t = {.it_value = in_ns(period[i]),
				       .it_interval = in_ns(period[i])};

		fd[i].fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
		fd[i].events = POLLIN;
		CHECK(fd[i].fd >= 0);
		start[i] = now_ns();
		CHECK(timerfd_settime(fd[i].fd, 0, &t, NULL) == 0);
		armed[i] = now_ns();
	}
	for (int turn = 0; turn < 20; turn++) {
		int ready = poll(fd, (nfds_t)n, -1);

		CHECK(ready > 0 || errno == EINTR);
		for (int i = 0; ready > 0 && i < n; i++) {
			if (!(fd[i].revents & POLLIN))
				continue;
			CHECK(read(fd[i].fd, &count, sizeof count) ==
			      sizeof count);
			CHECK(count > 0);
			sum[i] += count;
			CHECK((int64_t)sum[i] * period[i] <=
			      now_ns() - start[i]);
		}
	}
	for (int i = 0; i < n; i++) {
		int64_t due = (now_ns() - armed[i]) / period[i];

		/* None is lost, though the interrupt may be on its way. */
		while ((int64_t)sum[i] < due) {
			CHECK(now_ns() - armed[i] <
			      (due + 1) * period[i] + patience);
			CHECK(poll(&fd[i], 1, -1) >= 0 || errno == EINTR);
			if (read(fd[i].fd, &count, sizeof count) ==
			    sizeof count)
				sum[i] += count;
			else
				CHECK(errno == EAGAIN);
		}
		close(fd[i].fd);
	}
}

static void one_round(long amount)
{
	amount_now = amount;
	sleeping();
	signalling(amount);
	notifying();
	descriptors(amount);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "timers", 50, one_round);
}
