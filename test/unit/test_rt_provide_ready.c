/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a provider's object is ready for, as the machine's own poll and epoll
 * see it in the placeholder (runtime/provide/ready.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "check.h"

/* Runs once, in the middle of the next of the layer's calls below. */
static void (*in_between)(void);

static inline long seen_call(long nr, long a, long b, long c, long d, long e,
			     long f);
#define REAL_SEEN(nr, a, b, c, d, e, f) seen_call(nr, a, b, c, d, e, f)
#include "provide_real.h"
#include "provide/ready.h"

#define ALL (POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP)

static inline long seen_call(long nr, long a, long b, long c, long d, long e,
			     long f)
{
	void (*now)(void) = in_between;

	in_between = NULL;
	if (now)
		now();
	return host_call(nr, a, b, c, d, e, f);
}

static unsigned ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = ALL};

	return poll(&p, 1, 0) < 0 ? 0xffff : (unsigned)p.revents;
}

static int watch(int set, int fd, uint32_t events)
{
	struct epoll_event e = {.events = events, .data = {.fd = fd}};

	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
}

/* The events that the set delivers now; 0: none. */
static unsigned delivered(int set)
{
	struct epoll_event e = {0};

	return epoll_wait(set, &e, 1, 0) == 1 ? e.events : 0;
}

static int opened(struct ready *r, unsigned events)
{
	int fd;

	memset(r, 0, sizeof(*r));
	fd = ready_open(r, 0, events);
	if (!check(fd >= 0, "a placeholder for events %#x", events))
		exit(1);
	return fd;
}

static void closed(struct ready *r, int fd)
{
	close(fd);
	ready_close(r);
}

static void test_levels(void)
{
	static const struct {
		unsigned told, shown;
	} steps[] = {
	    {POLLIN, POLLIN},
	    {0, 0},
	    {POLLOUT, POLLOUT},
	    {POLLIN | POLLOUT, POLLIN | POLLOUT},
	    {POLLIN, POLLIN},
	    {POLLERR, POLLIN | POLLOUT},
	    {0, 0},
	    /* Not connected yet: none of these is for good. */
	    {POLLHUP | POLLOUT, POLLIN | POLLOUT},
	    {POLLRDHUP, POLLIN},
	    {POLLOUT, POLLOUT},
	    {0, 0},
	    {POLLHUP | POLLERR | POLLIN, POLLIN | POLLOUT},
	    {0x8000 | POLLIN, POLLIN},
	};
	struct ready r;
	int fd = opened(&r, 0);

	check(ready(fd) == 0, "shows nothing at first");
	for (unsigned i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		ready_tell(&r, steps[i].told);
		check(ready(fd) == steps[i].shown, "told %#x, shows %#x",
		      steps[i].told, ready(fd));
		check(ready_events(&r) == (steps[i].told & ALL),
		      "and knows what was told");
	}
	closed(&r, fd);
	fd = opened(&r, POLLOUT);
	check(ready(fd) == POLLOUT, "shows POLLOUT at first");
	closed(&r, fd);
}

static void test_first(void)
{
	struct ready r;
	int fd = opened(&r, 0);

	ready_first(&r, POLLIN);
	check(ready(fd) == POLLIN, "what held at first is shown");
	ready_tell(&r, 0);
	ready_first(&r, POLLIN);
	check(ready(fd) == 0, "but not over what was told since");
	closed(&r, fd);
}

static void test_final(void)
{
	struct ready r;
	int fd = opened(&r, POLLOUT);

	ready_final(&r);
	check(ready(fd) == POLLOUT, "connected: nothing new");
	ready_tell(&r, POLLIN | POLLRDHUP | POLLOUT);
	check(ready(fd) == (POLLIN | POLLRDHUP | POLLOUT),
	      "the peer sends no more");
	ready_tell(&r, POLLIN | POLLRDHUP);
	check(ready(fd) == (POLLIN | POLLRDHUP), "and takes no more for now");
	ready_tell(&r, POLLIN | POLLRDHUP | POLLOUT);
	check(ready(fd) == (POLLIN | POLLRDHUP | POLLOUT), "and does again");
	ready_tell(&r, POLLHUP);
	check(ready(fd) == ALL - POLLERR, "the end");
	ready_tell(&r, 0);
	check(ready(fd) == ALL - POLLERR, "which is for good");
	closed(&r, fd);
	fd = opened(&r, 0);
	ready_tell(&r, POLLHUP | POLLRDHUP);
	check(ready(fd) == (POLLIN | POLLOUT), "told before the connection,");
	ready_final(&r);
	check(ready(fd) == ALL - POLLERR, "it shows with it");
	closed(&r, fd);
}

static void test_edges(void)
{
	struct ready r;
	int fd = opened(&r, 0), set = epoll_create1(0);
	unsigned edges = 0;

	watch(set, fd, EPOLLIN | EPOLLOUT | EPOLLET);
	check(!delivered(set), "no edge at first");
	ready_tell(&r, POLLIN);
	check(delivered(set) == EPOLLIN, "data make an edge");
	check(!delivered(set), "one");
	ready_tell(&r, POLLIN);
	check(!delivered(set), "and none if nothing has changed");
	ready_tell(&r, POLLIN | POLLOUT);
	check(delivered(set) == (EPOLLIN | EPOLLOUT), "room makes one");
	ready_tell(&r, POLLIN | POLLOUT);
	check(!delivered(set), "once");
	ready_again(&r, POLLIN);
	check(!delivered(set), "what is found empty makes none");
	ready_tell(&r, POLLIN | POLLOUT);
	check(delivered(set) & EPOLLIN, "but when it is told again");
	check(ready(fd) == (POLLIN | POLLOUT), "and the level stays");
	ready_again(&r, POLLOUT);
	ready_tell(&r, POLLIN | POLLOUT);
	check(delivered(set) & EPOLLOUT, "so with room");
	check(ready(fd) == (POLLIN | POLLOUT), "and the level stays");
	ready_tell(&r, POLLIN);
	ready_tell(&r, POLLIN | POLLOUT | POLLERR);
	check(delivered(set) == (EPOLLIN | EPOLLOUT), "an error makes one");
	for (unsigned i = 0; i < 100; i++) {
		ready_tell(&r, 0);
		ready_tell(&r, POLLIN);
		edges += delivered(set) == EPOLLIN && !delivered(set);
	}
	check(edges == 100, "a hundred edges");
	close(set);
	closed(&r, fd);
}

static void test_oneshot(void)
{
	struct ready r;
	int fd = opened(&r, POLLOUT), set = epoll_create1(0);
	struct epoll_event e = {.events = EPOLLIN | EPOLLONESHOT};

	watch(set, fd, EPOLLIN | EPOLLONESHOT);
	check(!delivered(set), "one shot: not yet");
	ready_tell(&r, POLLIN | POLLOUT);
	check(delivered(set) == EPOLLIN, "now");
	ready_tell(&r, POLLOUT);
	ready_tell(&r, POLLIN | POLLOUT);
	check(!delivered(set), "only once");
	epoll_ctl(set, EPOLL_CTL_MOD, fd, &e);
	check(delivered(set) == EPOLLIN, "armed again, what holds counts");
	close(set);
	closed(&r, fd);
}

static unsigned open_descriptors(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_close(void)
{
	unsigned before = open_descriptors();
	struct ready r = {0};
	int set = epoll_create1(0), fd = opened(&r, POLLOUT), dup_of;

	check(r.hidden > 64 && r.twin > 64,
	      "the hidden ends are out of the way");
	check(fcntl(r.hidden, F_GETFD) == FD_CLOEXEC &&
		  fcntl(r.twin, F_GETFD) == FD_CLOEXEC,
	      "and no other program's");
	dup_of = dup(fd);
	watch(set, fd, EPOLLOUT);
	close(fd);
	check(delivered(set) == EPOLLOUT, "a dup keeps it in epoll's sets");
	close(dup_of);
	ready_close(&r);
	check(!delivered(set), "the last close takes it out of them");
	ready_tell(&r, POLLIN);
	ready_final(&r);
	ready_close(&r);
	close(set);
	check(open_descriptors() == before, "and nothing is left");
	memset(&r, 0, sizeof(r));
	ready_tell(&r, POLLIN);
	ready_close(&r);
	check(open_descriptors() == before, "without a placeholder: ignored");
}

static void test_flags(void)
{
	struct ready r = {0};
	int fd = ready_open(&r, SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	check(fcntl(fd, F_GETFD) == FD_CLOEXEC, "close on exec");
	check(fcntl(fd, F_GETFL) & O_NONBLOCK, "not blocking");
	closed(&r, fd);
	fd = opened(&r, 0);
	check(fcntl(fd, F_GETFD) == 0 && !(fcntl(fd, F_GETFL) & O_NONBLOCK),
	      "neither");
	closed(&r, fd);
}

static void test_no_descriptors(void)
{
	struct rlimit was, few;
	unsigned before = open_descriptors();
	struct ready r = {0};
	int fd = 0;

	getrlimit(RLIMIT_NOFILE, &was);
	few = was;
	for (few.rlim_cur = before; few.rlim_cur < before + 4; few.rlim_cur++) {
		setrlimit(RLIMIT_NOFILE, &few);
		fd = ready_open(&r, 0, 0);
		check(fd == -EMFILE || fd >= 0, "%d descriptors left: %d",
		      (int)(few.rlim_cur - before), fd);
		if (fd >= 0)
			closed(&r, fd);
		check(open_descriptors() == before, "and none is lost");
	}
	setrlimit(RLIMIT_NOFILE, &was);
}

/* What was told for a placeholder that has gone isn't the next one's. */
static void test_generation(void)
{
	struct ready r;
	int fd = opened(&r, 0);
	uint64_t seen = ready_seen(&r);

	check(ready_tell_seen(&r, POLLIN, seen) && ready(fd) == POLLIN,
	      "told for what was seen");
	check(!ready_gone(&r), "it is there");
	closed(&r, fd);
	check(ready_gone(&r), "it has gone");
	check(!ready_tell_seen(&r, POLLIN, seen), "nobody to tell");
	fd = opened(&r, 0);
	check(!ready_tell_seen(&r, POLLIN, seen) && !ready(fd),
	      "nor its successor");
	closed(&r, fd);
}

static void test_connecting(void)
{
	struct ready r;
	int fd = opened(&r, 0);

	ready_connecting(&r, true);
	ready_tell(&r, POLLOUT | POLLERR | POLLHUP);
	check(ready_is_connecting(&r) && ready(fd) == (POLLIN | POLLOUT),
	      "a connection that failed isn't one");
	ready_connecting(&r, false);
	ready_tell(&r, POLLOUT);
	ready_tell(&r, POLLIN | POLLRDHUP);
	check(ready(fd) == POLLIN, "none was asked for");
	ready_connecting(&r, true);
	ready_tell(&r, POLLOUT);
	check(!ready_is_connecting(&r), "one is there");
	ready_tell(&r, POLLIN | POLLRDHUP | POLLHUP);
	check(ready(fd) == ALL - POLLERR, "and ends for good");
	closed(&r, fd);
}

static struct ready busy;

static void tell_twice(void)
{
	ready_tell(&busy, 0);
	ready_tell(&busy, POLLIN);
}

static void tell_output(void)
{
	ready_tell(&busy, POLLOUT);
}

static void close_it(void)
{
	ready_close(&busy);
	check(!ready_gone(&busy), "somebody is still at it");
}

/* Somebody tells while somebody else shows what was told. */
static void test_between(void)
{
	int fd = opened(&busy, POLLIN), set = epoll_create1(0);

	watch(set, fd, EPOLLIN | EPOLLET);
	check(delivered(set) == EPOLLIN, "an edge");
	in_between = tell_twice;
	ready_tell(&busy, POLLIN | POLLOUT);
	check(ready(fd) == POLLIN, "told twice in between: the last counts");
	check(delivered(set) == EPOLLIN, "and there was an edge");
	in_between = tell_output;
	ready_tell(&busy, 0);
	check(ready(fd) == POLLOUT, "the newest wins");
	in_between = close_it;
	ready_tell(&busy, 0);
	check(ready_gone(&busy), "closed in between");
	close(set);
	close(fd);
}

/* --- several at once -------------------------------------------------------
 */

static struct ready shared;

static void *tell_often(void *seed)
{
	unsigned x = (unsigned)(long)seed;

	for (unsigned i = 0; i < 4000; i++) {
		x = x * 1103515245 + 12345;
		ready_tell(&shared, x >> 16 & (POLLIN | POLLOUT | POLLERR));
		if (!(x & 0xf00))
			ready_again(&shared, x >> 16);
	}
	return NULL;
}

static void test_threads(void)
{
	pthread_t t[4];
	int fd = opened(&shared, 0);

	for (long round = 0; round < 4; round++) {
		unsigned last =
		    (round & 1 ? POLLIN : 0) | (round & 2 ? POLLOUT : 0);

		for (long i = 0; i < 4; i++)
			pthread_create(&t[i], NULL, tell_often,
				       (void *)(i * 7 + round));
		for (unsigned i = 0; i < 4; i++)
			pthread_join(t[i], NULL);
		check(!(ready_events(&shared) & (POLLIN | POLLERR)) ==
			  !(ready(fd) & POLLIN),
		      "what was told last is shown");
		ready_tell(&shared, last);
		check(ready(fd) == last, "%#x after all", last);
	}
	for (long i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, tell_often, (void *)i);
	closed(&shared, fd);
	for (unsigned i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	check(true, "closed while others tell");
}

static volatile unsigned alarms;

static void tell_in_handler(int n)
{
	(void)n;
	ready_tell(&shared, ++alarms & 1 ? POLLIN : POLLOUT);
}

static void test_handler(void)
{
	struct itimerval t = {{0, 200}, {0, 200}}, none = {{0, 0}, {0, 0}};
	struct sigaction a = {.sa_handler = tell_in_handler,
			      .sa_flags = SA_RESTART};
	int fd = opened(&shared, 0);

	sigaction(SIGALRM, &a, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
	for (unsigned x = 0; alarms < 200; x++)
		ready_tell(&shared, x & (POLLIN | POLLOUT));
	setitimer(ITIMER_REAL, &none, NULL);
	ready_tell(&shared, POLLIN);
	check(ready(fd) == POLLIN, "told by a signal's handler in between");
	closed(&shared, fd);
}

int main(void)
{
	test_levels();
	test_first();
	test_final();
	test_edges();
	test_oneshot();
	test_close();
	test_flags();
	test_no_descriptors();
	test_generation();
	test_connecting();
	test_between();
	test_threads();
	test_handler();
	return check_done();
}
