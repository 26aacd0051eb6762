/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * call [COUNT]: prints the nanoseconds of one getppid(), the mean of COUNT.
 * What getppid comes to is decided at the link: libc's symbol with the stub of
 * a runtime, the same with stub.c in the runtime's place, or the host's libc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1000000;
	struct timespec a, b;
	long sum = 0;

	clock_gettime(CLOCK_MONOTONIC, &a);
	for (long i = 0; i < count; i++)
		sum += getppid();
	clock_gettime(CLOCK_MONOTONIC, &b);
	/* Using the sum keeps the calls. */
	if (sum == 1)
		puts("?");
	printf("%.3f\n", ((double)(b.tv_sec - a.tv_sec) * 1e9 +
			  (double)(b.tv_nsec - a.tv_nsec)) /
			     (double)count);
	return 0;
}
