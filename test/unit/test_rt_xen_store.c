/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/store*.c: requests, transactions, watches, threads. */
#include "check.h"
#include "core/clock.h"
#include "core/thread.h"
#include "core/timer.h"
#include "xen_client.h"

/* --- Requests --- */

static void test_basics(void)
{
	char text[100];
	long n;

	begin();
	check(works(), "what is written is read");
	check(xenstore_read(NULL, "works", text, 3) == -ERANGE, "too long");
	check(xenstore_read(NULL, "works", text, 4) == 3, "just fits");
	check(xenstore_read(NULL, "none", text, 100) == -ENOENT, "absent");
	check(xenstore_write(NULL, "b", "x\0y", 3) == 0 &&
		  xenstore_read(NULL, "b", text, 100) == 3 &&
		  memcmp(text, "x\0y", 4) == 0,
	      "a value with a NUL");
	check(xenstore_mkdir(NULL, "d") == 0 &&
		  xenstore_read(NULL, "d", text, 100) == 0 && !text[0],
	      "a directory has no value");
	xenstore_write(NULL, "d/one", "1", 1);
	xenstore_write(NULL, "d/three", "", 0);
	n = xenstore_list(NULL, "d", text, sizeof(text));
	check(n == 10 && memcmp(text, "one\0three", 10) == 0, "a list");
	check(xenstore_list(NULL, "d", text, 9) == -ERANGE, "too long");
	check(xenstore_list(NULL, "d/one", text, 10) == 0, "an empty one");
	check(xenstore_remove(NULL, "d/one") == 0 &&
		  xenstore_read(NULL, "d/one", text, 10) == -ENOENT,
	      "removed");
	n = xenstore_domain_path(12, text, sizeof(text));
	check(n == 16 && strcmp(text, "/local/domain/12") == 0,
	      "the home of a domain");
	store.fail = "EACCES";
	check(xenstore_remove(NULL, "d") == -EACCES, "an error has a number");
	store.fail = "EMADEUP";
	check(xenstore_remove(NULL, "d") == -EINVAL, "an unknown one, too");
	store.fail = NULL;
	check(works(), "all goes on");
}

static void test_large(void)
{
	static char value[XENSTORE_PAYLOAD_MAX + 1];

	begin();
	memset(value, 'v', sizeof(value));
	check(xenstore_write(NULL, "big", value, sizeof(value) - 5) == 0 &&
		  store_find("big"),
	      "the largest message goes through a smaller ring");
	check(xenstore_write(NULL, "big", value, sizeof(value) - 4) == -E2BIG,
	      "one byte more doesn't");
	check(works(), "all goes on");
}

/* Every offset of the ring, and pieces of every size up to some. */
static void test_offsets(void)
{
	bool good = true;

	for (XENSTORE_RING_IDX i = 0; i < XENSTORE_RING_SIZE + 50 && good;
	     i++) {
		begin_at(UINT32_MAX - 500 + i);
		good = works();
	}
	check(good, "works wherever the rings begin");
	for (size_t chunk = 1; chunk < 40 && good; chunk++) {
		begin_at((XENSTORE_RING_IDX)chunk * 1000);
		store.chunk = chunk;
		good = works();
	}
	check(good, "and in pieces");
	begin_at(7);
	xen.store.rsp_prod += 100;
	xenstore_open();
	check(works(), "what an earlier client didn't read is left out");
}

static void test_long_list(void)
{
	static char names[20000];
	char name[80];
	size_t all = 0;
	long n;

	begin();
	for (unsigned i = 0; i < 180; i++) {
		all += (size_t)sprintf(name, "l/%060u", i) + 1 - 2;
		store_set(name, "", 0);
	}
	n = xenstore_list(NULL, "l", names, sizeof(names));
	check(n == (long)all && strcmp(names + 61 * 179, name + 2) == 0,
	      "a list that is longer than a message");
	check(xenstore_list(NULL, "l", names, 6000) == -ERANGE,
	      "and than the place for it");
}

/* --- Transactions --- */

static unsigned tries;

static int count_up(const struct xenstore_tx *tx, void *argument)
{
	char text[20] = "";

	tries++;
	xenstore_read(tx, "n", text, sizeof(text));
	sprintf(text, "%d", atoi(text) + 1);
	xenstore_write(tx, "n", text, strlen(text));
	return *(int *)argument;
}

static void test_transactions(void)
{
	int result = 0;
	struct xenstore_tx tx;

	begin();
	check(xenstore_transact(count_up, &result) == 0 && store_has("n", "1"),
	      "a transaction");
	store.conflicts = 3;
	tries = 0;
	check(xenstore_transact(count_up, &result) == 0 && tries == 4 &&
		  store_has("n", "2"),
	      "that meets with others is done again");
	result = -EPERM;
	check(xenstore_transact(count_up, &result) == -EPERM &&
		  store_has("n", "2"),
	      "one that fails changes nothing");
	store.conflicts = 1000;
	result = 0;
	check(xenstore_transact(count_up, &result) == -EAGAIN,
	      "one that meets with others for ever gives up");
	store.conflicts = 0;
	check(xenstore_begin(&tx) == 0, "by hand");
	tx.epoch--;
	check(xenstore_write(&tx, "n", "9", 1) == -EAGAIN &&
		  xenstore_end(&tx, true) == -EAGAIN,
	      "one that a resume ended must be begun again");
}

/* --- Watches --- */

static char fired[1000];

static void on_change(struct xenstore_watch *w, const char *path)
{
	if (irq_enabled())
		host_fail("a callback with interrupts on");
	sprintf(fired + strlen(fired), "%s:%s ", w->path, path);
}

static void test_watches(void)
{
	struct xenstore_watch a = {.path = "a", .changed = on_change};
	struct xenstore_watch b = {.path = "b", .changed = on_change};

	begin();
	fired[0] = '\0';
	check(xenstore_watch(&a) == 0, "a watch");
	check_str(fired, "a:a ", "fires at first");
	xenstore_watch_soon(&b);
	fired[0] = '\0';
	xenstore_write(NULL, "a/x", "1", 1);
	xenstore_write(NULL, "b", "1", 1);
	xenstore_write(NULL, "c", "1", 1);
	check_str(fired, "a:a/x b:b ", "each one gets its own");
	xenstore_unwatch(&a);
	fired[0] = '\0';
	xenstore_write(NULL, "a/x", "2", 1);
	store_event("a", a.token);
	xenstore_write(NULL, "b", "2", 1);
	check_str(fired, "b:b ", "one that ended isn't called any more");
	store.fail = "ENOSPC";
	check(xenstore_watch(&a) == -ENOSPC, "refused");
	store.fail = NULL;
	store_event("a", a.token);
	check(works(), "and not called either");
	xenstore_unwatch(&b);
	check(list_empty(&xenstore.watches) && store.watches == 0,
	      "none is left");
}

/* A request is under way when a watch fires, whose callback asks, too. */
static struct xenstore_request nested;
static char nested_value[20];
static bool nested_done;

static void on_nested(struct xenstore_request *r)
{
	nested_done = r->error == 0;
}

static void on_ask(struct xenstore_watch *w, const char *path)
{
	(void)w;
	nested = (struct xenstore_request){.type = XS_READ,
					   .reply = nested_value,
					   .reply_size = 20,
					   .done = on_nested};
	xenstore_string(&nested, 0, path);
	xenstore_submit(&nested);
}

static void test_nested(void)
{
	struct xenstore_watch w = {.path = "q", .changed = on_ask};
	char text[10];

	begin();
	xenstore_watch(&w);
	store_set("q", "new", 3); /* its event is before the next reply */
	check(xenstore_read(NULL, "q", text, 10) == 3 && nested_done &&
		  strcmp(nested_value, "new") == 0,
	      "a callback asks while another request waits");
	xenstore_unwatch(&w);
}

/* --- Threads --- */

static unsigned finished;

static void talk(void *argument)
{
	char path[20], text[20];

	for (unsigned i = 0; i < 50; i++) {
		sprintf(path, "t/%s", (char *)argument);
		sprintf(text, "%u", i);
		if (xenstore_write(NULL, path, text, strlen(text)))
			break;
		if (xenstore_read(NULL, path, text, sizeof(text)) < 0 ||
		    (unsigned)atoi(text) != i)
			break;
		if (i == 49)
			finished++;
	}
	thread_exit(0, 0, 0);
}

/* xenstored, a little at a time as time goes by. */
static void tick(struct timer *t)
{
	store.stalled = false;
	store_step();
	store.stalled = true;
	timer_arm(t, clock_now() + 1000);
}

static void test_threads(void)
{
	struct timer t = {.fire = tick};

	begin();
	store.stalled = true;
	store.chunk = 37;
	finished = 0;
	timer_arm(&t, clock_now());
	for (unsigned i = 0; i < 5; i++)
		host_thread(talk, &"01234"[i]);
	while (finished < 5)
		thread_sleep(clock_now() + 1000000, 0);
	timer_cancel(&t);
	check(finished == 5, "five threads talk at once");
}

int main(void)
{
	struct xenstore_request r = {.type = XS_WRITE};

	xenstore_string(&r, 0, "x");
	xenstore_submit(&r);
	check(r.finished && r.error == -EIO && xenstore_start() == -ENODEV,
	      "before it is opened: -EIO");
	host_threads_start();
	test_basics();
	test_large();
	test_offsets();
	test_long_list();
	test_transactions();
	test_watches();
	test_nested();
	test_threads();
	return check_done();
}
