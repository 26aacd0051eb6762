/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stress.h - what the C stress programs share.
 *
 * A program is a list of rounds; each round is made of its number alone, by
 * stress_random, so that a run repeats where the scheduler does.  main calls
 * stress_main(argc, argv, "name", amount, round), which takes
 *
 *   --amount=N    size of a round (threads, files ...; default: `amount`)
 *   --rounds=N    how many rounds (1)
 *   --seconds=N   instead: rounds until so much time has passed
 *   --first=N     the number of the first round (0): to begin where one failed
 *   --clock       print the monotonic clock at the end, in nanoseconds
 *
 * and prints `NAME: ok` when all is done.  The first thing that is not as it
 * should be ends the program with status 1 and the place, round and amount on
 * stderr.  CHECK may be used in any thread, not in a signal's handler.
 */
#ifndef STRESS_H
#define STRESS_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long stress_round, stress_amount;

#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr,                                        \
				"%s:%d: not so: %s (errno %d: %s); "           \
				"--first=%ld --amount=%ld\n",                  \
				__FILE__, __LINE__, #condition, errno,         \
				strerror(errno), stress_round, stress_amount); \
			_exit(1);                                              \
		}                                                              \
	} while (0)

/* The next of a sequence of numbers; *state is anything to begin with. */
static inline uint64_t stress_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	/* The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Below n, and more than 0 different ones when n > 1. */
static inline unsigned stress_below(uint64_t *state, unsigned n)
{
	return (unsigned)(stress_random(state) >> 33) % n;
}

static inline double stress_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int stress_main(int argc, char **argv, const char *name,
			      long amount, void (*round)(long))
{
	double until = 0, seconds = 0;
	long rounds = 1, first = 0, clock = 0;
	char rest;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--clock")) {
			clock = 1;
			continue;
		}
		if (sscanf(argv[i], "--amount=%ld%c", &amount, &rest) != 1 &&
		    sscanf(argv[i], "--rounds=%ld%c", &rounds, &rest) != 1 &&
		    sscanf(argv[i], "--first=%ld%c", &first, &rest) != 1 &&
		    sscanf(argv[i], "--seconds=%lf%c", &seconds, &rest) != 1) {
			fprintf(stderr,
				"usage: %s [--amount=N] [--first=N] "
				"[--rounds=N | --seconds=N] [--clock]\n",
				name);
			return 2;
		}
	}
	stress_amount = amount;
	until = stress_now() + seconds;
	for (stress_round = first;
	     seconds > 0 ? stress_now() < until : stress_round < first + rounds;
	     stress_round++)
		round(amount);
	printf("%s: ok\n", name);
	if (clock)
		printf("%.0f\n", stress_now() * 1e9);
	return 0;
}

#endif
