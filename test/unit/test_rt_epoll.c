/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io/epoll*.c: sets of files to wait for.
 */
#include "rt_io.h"
#include "halvm/abi/epoll.h"
#include "halvm/abi/time.h"

static struct abi_epoll_event got[64];

static long ctl(int set, int op, int fd, uint32_t events)
{
	struct abi_epoll_event e = {events, (uint64_t)fd};

	return sys(epoll_ctl, set, op, fd, (long)&e);
}

static long get(int set, long ms)
{
	return sys(epoll_wait, set, (long)got, 64, ms);
}

static int new_set(void)
{
	return (int)sys(epoll_create1, 0);
}

static int new_event(void)
{
	return (int)sys(eventfd2, 0, EFD_NONBLOCK);
}

static void add(int fd)
{
	uint64_t one = 1;

	sys_write(fd, &one, 8);
}

static void clear(int fd)
{
	uint64_t n;

	sys_read(fd, &n, 8);
}

static void test_errors(void)
{
	int set = new_set(), e = new_event();

	check(sys(epoll_create, 0) == -EINVAL, "size 0");
	check(sys(epoll_create1, 1) == -EINVAL, "flags");
	check(ctl(set, EPOLL_CTL_ADD, set, POLLIN) == -EINVAL, "itself");
	check(ctl(set, EPOLL_CTL_ADD, 99, POLLIN) == -EBADF, "not open");
	check(ctl(99, EPOLL_CTL_ADD, e, POLLIN) == -EBADF, "no set");
	check(ctl(e, EPOLL_CTL_ADD, set, POLLIN) == -EINVAL, "not a set");
	check(ctl(set, EPOLL_CTL_MOD, e, POLLIN) == -ENOENT, "not there");
	check(ctl(set, EPOLL_CTL_DEL, e, 0) == -ENOENT, "nor to delete");
	check(ctl(set, EPOLL_CTL_ADD, e, POLLIN) == 0, "added");
	check(ctl(set, EPOLL_CTL_ADD, e, POLLIN) == -EEXIST, "twice");
	check(ctl(set, 7, e, POLLIN) == -EINVAL, "an unknown operation");
	check(sys(epoll_wait, set, (long)got, 0, 0) == -EINVAL, "max 0");
	check(sys(epoll_wait, e, (long)got, 1, 0) == -EINVAL, "wait on that");
	host_bad_range(got, sizeof(got));
	add(e);
	check(get(set, 0) == -EFAULT, "a wrong pointer");
	host_bad_range(got, 0);
	check(get(set, 0) == 1, "nothing was lost");
	sys(close, e);
	sys(close, set);
}

static void test_level(void)
{
	int set = new_set(), e = new_event(), copy;

	ctl(set, EPOLL_CTL_ADD, e, POLLIN);
	check(get(set, 0) == 0, "nothing");
	check(sys_ready(set) == 0, "nor for poll");
	add(e);
	check(sys_ready(set) == (POLLIN | POLLRDNORM), "the set is readable");
	check(get(set, -1) == 1 && got[0].events == POLLIN &&
		  got[0].data == (uint64_t)e,
	      "an event");
	check(get(set, -1) == 1, "again");
	clear(e);
	check(sys_ready(set) == 0, "no more");
	check(get(set, 0) == 0, "no more events");
	ctl(set, EPOLL_CTL_MOD, e, POLLIN | POLLOUT);
	check(get(set, 0) == 1 && got[0].events == POLLOUT, "changed");
	ctl(set, EPOLL_CTL_MOD, e, POLLIN);
	check(get(set, 0) == 0, "changed back");
	copy = (int)sys(dup, e);
	ctl(set, EPOLL_CTL_ADD, copy, POLLIN);
	add(e);
	check(get(set, 0) == 2, "a duplicate is an entry of its own");
	sys(close, e);
	check(get(set, 0) == 2, "closed, but open by another number");
	sys(close, copy);
	check(get(set, 0) == 0, "closed for good");
	sys(close, set);
}

static void test_edge(void)
{
	int set = new_set(), e = new_event(), fd[2];
	char c[4];

	ctl(set, EPOLL_CTL_ADD, e, POLLIN | EPOLLET);
	add(e);
	check(get(set, 0) == 1 && get(set, 0) == 0, "one edge");
	add(e);
	check(get(set, 0) == 1, "another");
	ctl(set, EPOLL_CTL_MOD, e, POLLIN | EPOLLET);
	check(get(set, 0) == 1, "a change is one");
	ctl(set, EPOLL_CTL_MOD, e, POLLIN | EPOLLONESHOT);
	check(get(set, 0) == 1 && get(set, 0) == 0, "one shot");
	add(e);
	check(get(set, 0) == 0, "disarmed");
	ctl(set, EPOLL_CTL_MOD, e, POLLIN | EPOLLONESHOT);
	check(get(set, 0) == 1, "armed again");
	sys(close, e);
	sys(pipe, (long)fd);
	ctl(set, EPOLL_CTL_ADD, fd[0], POLLIN | EPOLLET);
	sys_write(fd[1], "ab", 2);
	check(get(set, 0) == 1, "a pipe");
	sys_write(fd[1], "c", 1);
	check(get(set, 0) == 1, "more in it");
	sys_read(fd[0], c, 1);
	check(get(set, 0) == 0, "reading is no edge");
	sys(close, fd[1]);
	check(get(set, 0) == 1 && got[0].events == (POLLIN | POLLHUP),
	      "hang-up");
	sys(close, fd[0]);
	sys(close, set);
}

struct waiting {
	struct helper h;
	struct abi_epoll_event e[4];
	int max, ms;
};

static long helper_wait(struct helper *h)
{
	struct waiting *w = h->buf;

	return sys(epoll_wait, h->fd, (long)w->e, w->max, w->ms);
}

static void start(struct waiting *w, int set, int max, int ms)
{
	*w = (struct waiting){.max = max, .ms = ms};
	w->h.fn = helper_wait;
	w->h.fd = set;
	w->h.buf = w;
	helper_start(&w->h);
}

static void test_threads(void)
{
	int set = new_set(), e[3] = {new_event(), new_event(), new_event()};
	struct waiting w[3];
	uint64_t now;

	for (int i = 0; i < 3; i++) {
		ctl(set, EPOLL_CTL_ADD, e[i], POLLIN | EPOLLET);
		start(&w[i], set, 1, -1);
		check(w[i].h.result == BUSY, "%d waits", i);
	}
	add(e[1]);
	pause_for(MS);
	check((w[0].h.result == 1) + (w[1].h.result == 1) +
		      (w[2].h.result == 1) ==
		  1,
	      "one thread for one event");
	add(e[0]);
	add(e[2]);
	pause_for(MS);
	check(w[0].h.result == 1 && w[1].h.result == 1 && w[2].h.result == 1,
	      "and one for each other");
	check((w[0].e[0].data ^ w[1].e[0].data ^ w[2].e[0].data) ==
		  (uint64_t)(e[0] ^ e[1] ^ e[2]),
	      "different ones");
	now = clock_now();
	check(get(set, 12) == 0 && clock_now() == now + 12 * MS, "time out");
	struct abi_timespec ts = {0, 1500};
	now = clock_now();
	check(sys(epoll_pwait2, set, (long)got, 4, (long)&ts, 0, 8) == 0 &&
		  clock_now() == now + 1500,
	      "nanoseconds");
	/* The set is closed under a thread that waits: it keeps it. */
	start(&w[0], set, 1, 50);
	sys(close, set);
	add(e[0]);
	pause_for(MS);
	check(w[0].h.result == 1, "closed while somebody waits");
	for (int i = 0; i < 3; i++)
		sys(close, e[i]);
}

static void test_exclusive(void)
{
	int set[3], e = new_event(), woken = 0;
	struct waiting w[3];

	for (int i = 0; i < 3; i++) {
		set[i] = new_set();
		check(ctl(set[i], EPOLL_CTL_ADD, e, POLLIN | EPOLLEXCLUSIVE) ==
			  0,
		      "exclusive %d", i);
		start(&w[i], set[i], 1, -1);
	}
	check(ctl(set[0], EPOLL_CTL_MOD, e, POLLIN) == -EINVAL, "not changed");
	check(ctl(set[0], EPOLL_CTL_ADD, set[1], POLLIN | EPOLLEXCLUSIVE) ==
		  -EINVAL,
	      "not of sets");
	add(e);
	pause_for(MS);
	for (int i = 0; i < 3; i++)
		woken += w[i].h.result == 1;
	check(woken == 1, "one of three");
	clear(e);
	add(e);
	pause_for(MS);
	clear(e);
	add(e);
	pause_for(MS);
	for (int i = 0; i < 3; i++)
		check(w[i].h.result == 1, "each in its turn");
	check(ctl(set[1], EPOLL_CTL_DEL, e, 0) == 0, "deleted");
	sys(close, e);
	for (int i = 0; i < 3; i++)
		sys(close, set[i]);
}

static void test_nested(void)
{
	int set[7], e = new_event();

	for (int i = 0; i < 7; i++)
		set[i] = new_set();
	for (int i = 0; i < 4; i++)
		check(ctl(set[i], EPOLL_CTL_ADD, set[i + 1], POLLIN) == 0,
		      "%d in %d", i + 1, i);
	check(ctl(set[4], EPOLL_CTL_ADD, set[0], POLLIN) == -ELOOP, "a loop");
	check(ctl(set[1], EPOLL_CTL_ADD, set[0], POLLIN) == -ELOOP, "another");
	check(ctl(set[4], EPOLL_CTL_ADD, set[5], POLLIN) == -ELOOP, "too deep");
	check(ctl(set[5], EPOLL_CTL_ADD, set[0], POLLIN) == -ELOOP,
	      "too deep from above");
	check(ctl(set[3], EPOLL_CTL_ADD, set[5], POLLIN) == 0, "a branch");
	check(ctl(set[4], EPOLL_CTL_ADD, e, POLLIN) == 0, "an event below");
	add(e);
	check(get(set[0], 0) == 1 && got[0].data == (uint64_t)set[1],
	      "seen above");
	check(sys_ready(set[0]) == (POLLIN | POLLRDNORM), "and by poll");
	clear(e);
	check(get(set[0], 0) == 0, "gone above");
	sys(close, set[2]);
	add(e);
	check(get(set[0], 0) == 0, "the chain is cut");
	check(ctl(set[4], EPOLL_CTL_ADD, set[0], POLLIN) == 0, "no loop now");
	for (int i = 0; i < 7; i++)
		sys(close, set[i]);
	sys(close, e);
}

static void test_many(void)
{
	static int e[5000];
	int set = new_set();
	unsigned n = 0;
	long objects;

	for (int i = 0; i < 5000; i++)
		e[i] = new_event();
	objects = host_heap_objects;
	for (int i = 0; i < 5000; i++)
		ctl(set, EPOLL_CTL_ADD, e[i], POLLIN | EPOLLET);
	for (int i = 0; i < 5000; i += 10)
		add(e[i]);
	for (long r; (r = get(set, 0)) > 0;)
		for (long i = 0; i < r; i++)
			n += (got[i].data - (uint64_t)e[0]) % 10 == 0;
	check(n == 500, "500 of 5000");
	for (int i = 0; i < 5000; i++)
		ctl(set, EPOLL_CTL_DEL, e[i], 0);
	check(host_heap_objects == objects, "all deleted");
	for (int i = 0; i < 5000; i++)
		sys(close, e[i]);
	sys(close, set);
}

/* Level-triggered entries take turns when there is room for few. */
static void test_fair(void)
{
	int set = new_set(), e[4];
	unsigned seen = 0;

	for (int i = 0; i < 4; i++) {
		e[i] = new_event();
		add(e[i]);
		ctl(set, EPOLL_CTL_ADD, e[i], POLLIN);
	}
	for (int i = 0; i < 4; i++) {
		check(sys(epoll_wait, set, (long)got, 1, 0) == 1, "one");
		for (int k = 0; k < 4; k++)
			if (got[0].data == (uint64_t)e[k])
				seen |= 1U << k;
	}
	check(seen == 15, "each once");
	check(get(set, 0) == 4, "all at once");
	for (int i = 0; i < 4; i++)
		sys(close, e[i]);
	sys(close, set);
}

static int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

static void test_signals(void)
{
	struct {
		void (*handler)(int);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = {on_signal, 0x14000000, (void (*)(void))on_signal, 0};
	int set = new_set();
	struct waiting w;
	uint64_t all = ~0UL;

	sys(rt_sigaction, ABI_SIGUSR1, (long)&action, 0, 8);
	start(&w, set, 1, -1);
	check(w.h.result == BUSY, "waits");
	signal_send(w.h.thread, ABI_SIGUSR1, NULL);
	pause_for(MS);
	check(w.h.result == -EINTR && signals == 1, "never started again");
	sys(rt_sigprocmask, 0, (long)&all, 0, 8);
	signal_send(thread_current(), ABI_SIGUSR1, NULL);
	check(get(set, 1) == 0 && signals == 1, "blocked");
	all = 0;
	check(sys(epoll_pwait, set, (long)got, 1, -1, (long)&all, 8) ==
		      -EINTR &&
		  signals == 2,
	      "epoll_pwait");
	check(sys(epoll_pwait, set, (long)got, 1, -1, (long)&all, 4) == -EINVAL,
	      "a mask's size");
	signal_send(thread_current(), ABI_SIGUSR1, NULL);
	check(get(set, 1) == 0 && signals == 2, "the mask is back");
	sys(rt_sigprocmask, 2, (long)&all, 0, 8);
	check(signals == 3, "unblocked");
	sys(close, set);
}

int main(void)
{
	long objects;

	host_threads_start();
	sys(close, new_event());
	objects = host_heap_objects;
	test_errors();
	test_level();
	test_edge();
	test_exclusive();
	test_nested();
	test_fair();
	check(host_heap_objects <= objects + 16, "nothing is left: %ld",
	      host_heap_objects - objects);
	test_threads();
	test_many();
	test_signals();
	return check_done();
}
