/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/store*.c: requests, transactions, watches; a bad xenstored. */
#include "check.h"
#include "core/clock.h"
#include "core/thread.h"
#include "core/timer.h"
#include "dev/xen/store_state.h"
#include "xen_store.h"

/* A client and its xenstored, both as at first. */
static void begin_at(XENSTORE_RING_IDX at)
{
	store_new(at, at);
	memset(&xenstore, 0, sizeof(xenstore));
	list_init(&xenstore.queued);
	list_init(&xenstore.sent);
	list_init(&xenstore.finished);
	list_init(&xenstore.watches);
	if (xenstore_open())
		host_fail("no xenstore");
}

static void begin(void)
{
	begin_at(0);
	if (xenstore_start())
		host_fail("no interrupt");
	xen_live(xen.store_port);
}

static bool works(void)
{
	char text[20];

	return xenstore_write(NULL, "works", "yes", 3) == 0 &&
	       xenstore_read(NULL, "works", text, sizeof(text)) == 3 &&
	       strcmp(text, "yes") == 0;
}

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

static void test_stall(void)
{
	char text[20];
	uint64_t before;

	begin();
	store.stalled = true;
	before = host_clock;
	check(xenstore_read(NULL, "x", text, 20) == -EIO &&
		  host_clock - before >= 60 * NS_PER_SEC &&
		  host_clock - before < 62 * NS_PER_SEC,
	      "no answer: given up after a minute");
	check(xenstore_read(NULL, "x", text, 20) == -EIO &&
		  host_clock - before < 62 * NS_PER_SEC,
	      "then nobody waits any more");
	begin_at(3);
	store.stalled = true;
	before = host_clock;
	check(xenstore_read(NULL, "x", text, 20) == -EIO &&
		  host_clock - before < 62 * NS_PER_SEC,
	      "nor for ever where it is polled");
}

/* --- A bad xenstored --- */

static struct xsd_sockmsg bad_header;
static char bad_body[8192];
static size_t bad_size;

static void bad_step(void)
{
	struct xenstore_domain_interface *r = &xen.store;
	struct xsd_sockmsg got;
	static bool done;

	if (r->req_prod == r->req_cons) {
		done = false;
		return;
	}
	if (done)
		return;
	done = true;
	for (size_t i = 0; i < sizeof(got); i++)
		((char *)&got)[i] = r->req[MASK_XENSTORE_IDX(r->req_cons + i)];
	r->req_cons = r->req_prod;
	if (bad_header.req_id == 0)
		bad_header.req_id = got.req_id;
	memcpy(store.out, &bad_header, sizeof(bad_header));
	memcpy(store.out + sizeof(bad_header), bad_body, bad_size);
	store.out_n = sizeof(bad_header) + bad_size;
	store_give(STORE_OUT);
	done = false;
	xen_raise(xen.store_port);
}

/* The read's answer is this; what xenstore_read says. */
static long answer(uint32_t type, uint32_t id, uint32_t len, const char *body,
		   size_t n)
{
	static char text[100];

	begin();
	xen.port[xen.store_port].peer = bad_step;
	xen.yielded = bad_step;
	bad_header = (struct xsd_sockmsg){type, id, 0, len};
	memcpy(bad_body, body, n);
	bad_size = n;
	return xenstore_read(NULL, "x", text, sizeof(text));
}

static bool is_dead(long result)
{
	char text[10];

	return result == -EIO && xenstore.dead &&
	       xenstore_write(NULL, "a", "b", 1) == -EIO &&
	       xenstore_read(NULL, "a", text, 10) == -EIO;
}

static void test_bad_messages(void)
{
	check(answer(XS_READ, 0, 3, "abc", 3) == 3, "a good answer");
	check(is_dead(answer(XS_READ, 0, 4097, "abc", 3)), "too long: dead");
	check(is_dead(answer(XS_READ, 0, UINT32_MAX, "abc", 3)), "much so");
	check(is_dead(answer(XS_READ, 12345, 3, "abc", 3)),
	      "an answer to another question");
	check(is_dead(answer(XS_WRITE, 0, 3, "abc", 3)), "of another type");
	check(is_dead(answer(77, 0, 3, "abc", 3)), "of a type there isn't");
	check(is_dead(answer(XS_ERROR, 0, 6, "ENOENT", 6)),
	      "an error without an end");
	check(is_dead(answer(XS_ERROR, 0, 0, "", 0)), "without a name");
	check(is_dead(answer(XS_WATCH_EVENT, 0, 3, "a\0b", 3)),
	      "an event without an end");
	check(is_dead(answer(XS_WATCH_EVENT, 0, 2, "ab", 2)),
	      "without a token");
	check(is_dead(answer(XS_WATCH_EVENT, 0, 0, "", 0)), "an empty one");
}

static void bad_index(void)
{
	xen.store.rsp_prod = xen.store.rsp_cons + XENSTORE_RING_SIZE + 1;
	xen_raise(xen.store_port);
}

static void bad_request_index(void)
{
	xen.store.req_cons = xen.store.req_prod + 1;
	xen_raise(xen.store_port);
}

static void test_bad_indices(void)
{
	char text[10];

	begin();
	xen.port[xen.store_port].peer = bad_index;
	check(is_dead(xenstore_read(NULL, "x", text, 10)),
	      "more in the ring than it holds: dead");
	begin();
	xen.port[xen.store_port].peer = bad_request_index;
	check(xenstore_write(NULL, "x", "y", 1) == -EIO ||
		  is_dead(xenstore_write(NULL, "x", "y", 1)),
	      "more taken than was sent: dead");
	begin();
	check(works(), "a new one works");
	xen.store_port = 0;
	check(xenstore_open() == -ENODEV, "a domain without xenstore");
}

/* A list's or transaction's answer that means nothing. */
static void test_bad_values(void)
{
	struct xenstore_tx tx;
	char text[100];

	answer(XS_DIRECTORY, 0, 3, "abc", 3);
	begin();
	xen.port[xen.store_port].peer = bad_step;
	bad_header = (struct xsd_sockmsg){XS_DIRECTORY, 0, 0, 3};
	check(xenstore_list(NULL, "x", text, 100) == -EIO,
	      "a list whose last name has no end");
	begin();
	xen.port[xen.store_port].peer = bad_step;
	bad_header = (struct xsd_sockmsg){XS_TRANSACTION_START, 0, 0, 3};
	check(xenstore_begin(&tx) == -EIO, "a transaction's number is none");
}

/* --- Panic, suspend --- */

static void in_panic(void *how)
{
	struct xenstore_request r = {.type = XS_WRITE};
	uint64_t start = host_clock;

	begin();
	store.stalled = true;
	xenstore_string(&r, 0, "before");
	store.chunk = 5;
	xenstore_submit(&r);
	irq_disable();
	if (*(char *)how == 'l')
		xenstore_lock();
	store.stalled = *(char *)how == 's';
	if (*(char *)how == 'l')
		_exit(xenstore_panic_write("p", "125", 3) == -EIO ? 0 : 1);
	if (*(char *)how == 's')
		_exit(xenstore_panic_write("p", "125", 3) == -EIO &&
			      host_clock - start < 5 * NS_PER_SEC
			  ? 0
			  : 2);
	if (xenstore_panic_write("p", "125", 3))
		_exit(3);
	_exit(store_has("p", "125") && store_has("before", "") ? 0 : 4);
}

static void test_panic(void)
{
	check_dies(in_panic, "w", 0, "", "a write in a panic, behind others");
	check_dies(in_panic, "s", 0, "", "given up if nobody answers");
	check_dies(in_panic, "l", 0, "", "or if the panic is in here");
}

static void test_suspend(void)
{
	struct xenstore_watch w = {.path = "w", .changed = on_change};
	struct xenstore_request r = {.type = XS_WRITE};
	struct xenstore_tx tx;

	begin();
	xenstore_watch(&w);
	xenstore_begin(&tx);
	store.chunk = 5;
	xenstore_string(&r, 0, "pending");
	irq_disable();
	xenstore_submit(&r);
	check(xenstore_suspend() == 0 && r.finished && store_find("pending"),
	      "a suspend waits for what is under way");
	platform_irq_detach(xen.store_port);
	store_new(0, 0);
	xenstore_resume();
	xen_live(xen.store_port);
	irq_enable();
	check(works(), "works in the new domain");
	fired[0] = '\0';
	xenstore_write(NULL, "w", "1", 1);
	check_str(fired, "w:w ", "with the same watches");
	check(xenstore_end(&tx, true) == -EAGAIN,
	      "transactions must be begun again");
	irq_disable();
	store.stalled = true;
	xenstore_submit(&r);
	check(xenstore_suspend() == -EBUSY, "no suspend if nothing moves");
	irq_enable();
	store.stalled = false;
	store_step();
	check(r.finished, "which does no harm");
	xenstore_unwatch(&w);
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
	test_stall();
	test_bad_messages();
	test_bad_indices();
	test_bad_values();
	test_panic();
	test_suspend();
	return check_done();
}
