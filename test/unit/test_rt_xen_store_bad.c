/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/store*.c: a xenstored that stalls, lies or breaks off; panics. */
#include "check.h"
#include "core/clock.h"
#include "xen_client.h"

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
	uint64_t before;
	long r;

	begin();
	xen.port[xen.store_port].peer = bad_step;
	xen.yielded = bad_step;
	bad_header = (struct xsd_sockmsg){type, id, 0, len};
	memcpy(bad_body, body, n);
	bad_size = n;
	before = host_clock;
	r = xenstore_read(NULL, "x", text, sizeof(text));
	/* It is dead at once, not after a minute without an answer. */
	return host_clock - before < NS_PER_SEC ? r : -ETIMEDOUT;
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
	bad_request_index();
	check(is_dead(xenstore_write(NULL, "x", "y", 1)) &&
		  strstr(xenstore.dead, "requests"),
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

static char fired[100];

static void on_change(struct xenstore_watch *w, const char *path)
{
	sprintf(fired + strlen(fired), "%s:%s ", w->path, path);
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
	host_threads_start();
	test_stall();
	test_bad_messages();
	test_bad_indices();
	test_bad_values();
	test_panic();
	test_suspend();
	return check_done();
}
