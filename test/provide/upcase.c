/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * upcase.c - see upcase.h.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "halvm/provider.h"
#include "upcase.h"

#define AT_ONCE 7 /* bytes of a write */

int upcase_terminal, upcase_shut, upcase_error, upcase_interrupt, upcase_full;
unsigned upcase_waits;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char queue[4096];
static size_t queued;
static bool ended;
static unsigned writes;
static int below[3] = {-1, -1, -1};

static unsigned events_of(int stream)
{
	if (stream == 0)
		return queued || ended ? POLLIN : 0;
	return upcase_full ? 0 : POLLOUT;
}

/* With the lock held. */
static void tell(int stream)
{
	halvm_provider_ready(HALVM_CONSOLE, (halvm_handle)stream,
			     events_of(stream));
	pthread_cond_broadcast(&changed);
}

void upcase_input(const char *text)
{
	size_t n = strlen(text);

	pthread_mutex_lock(&lock);
	memcpy(queue + queued, text, n);
	queued += n;
	tell(0);
	pthread_mutex_unlock(&lock);
}

void upcase_end(void)
{
	pthread_mutex_lock(&lock);
	ended = true;
	tell(0);
	pthread_mutex_unlock(&lock);
}

static int may_enter(void)
{
	return !upcase_shut;
}

static long up_read(void *to, size_t n)
{
	if (upcase_error)
		return upcase_error;
	pthread_mutex_lock(&lock);
	if (n > queued)
		n = queued;
	memcpy(to, queue, n);
	queued -= n;
	memmove(queue, queue + n, queued);
	tell(0);
	pthread_mutex_unlock(&lock);
	return n || ended ? (long)n : -EAGAIN;
}

static long up_write(int stream, const void *from, size_t n)
{
	const char *p = from;
	char text[AT_ONCE];

	if (upcase_error)
		return upcase_error;
	/* A wait now and then. */
	if (upcase_full || ++writes % 5 == 0)
		return -EAGAIN;
	if (n > AT_ONCE)
		n = AT_ONCE;
	for (size_t i = 0; i < n; i++)
		text[i] = (char)toupper((unsigned char)p[i]);
	if (below[stream] < 0)
		below[stream] = halvm_below_console(stream);
	return write(below[stream], text, n);
}

static int up_window(struct halvm_window *w)
{
	if (!upcase_terminal)
		return -ENOTTY;
	*w = (struct halvm_window){25, 132, 800, 600};
	return 0;
}

static long up_wait(int stream, unsigned events, int64_t timeout)
{
	unsigned e;

	upcase_waits++;
	if (upcase_interrupt) {
		upcase_interrupt = 0;
		return -EINTR;
	}
	pthread_mutex_lock(&lock);
	while (!(e = events_of(stream) & events) && timeout != 0)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return (long)e;
}

static const struct halvm_console_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = may_enter,
    .read = up_read,
    .write = up_write,
    .window = up_window,
    .wait = up_wait,
};

__attribute__((__constructor__)) static void start(void)
{
	if (halvm_provide_console(&table))
		abort();
}
