/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/xen_console.c: both rings, at every place of them; bad peers. */
#include "check.h"
#include "xen_machine.h"
#include "dev/xen/xen_console.h"
#include "random.h"

#define OUT sizeof(xen.console.out)
#define IN sizeof(xen.console.in)

static struct console *console;
static char sent[100000], got[100000];
static size_t sent_n, got_n, got_room;
static unsigned writables;

static size_t on_received(void *owner, const char *text, size_t n)
{
	(void)owner;
	if (n > got_room)
		n = got_room;
	memcpy(got + got_n, text, n);
	got_n += n;
	got_room -= n;
	return n;
}

static void on_writable(void *owner)
{
	(void)owner;
	writables++;
}

/* --- xenconsoled --- */

static size_t backend_max; /* bytes it takes at once; 0: it is stalled */

static void backend_take(void)
{
	struct xencons_interface *r = &xen.console;
	size_t n = r->out_prod - r->out_cons;

	if (n > backend_max)
		n = backend_max;
	for (size_t i = 0; i < n; i++)
		sent[sent_n++] = r->out[(r->out_cons + i) % OUT];
	r->out_cons += (XENCONS_RING_IDX)n;
	if (n)
		xen_raise(xen.console_port);
}

static size_t backend_type(const char *text, size_t n)
{
	struct xencons_interface *r = &xen.console;
	size_t room = IN - (r->in_prod - r->in_cons);

	if (n > room)
		n = room;
	for (size_t i = 0; i < n; i++)
		r->in[(r->in_prod + i) % IN] = text[i];
	r->in_prod += (XENCONS_RING_IDX)n;
	xen_raise(xen.console_port);
	return n;
}

static void begin(XENCONS_RING_IDX out, XENCONS_RING_IDX in, size_t max)
{
	if (xen.console_port) {
		platform_irq_detach(xen.console_port);
		xen_do_close(xen.console_port);
	}
	xen.console_port = xen_tool_port(backend_take);
	memset(&xen.console, 0, sizeof(xen.console));
	xen.console.out_cons = xen.console.out_prod = out;
	xen.console.in_cons = xen.console.in_prod = in;
	xen.yielded = NULL;
	backend_max = max;
	sent_n = got_n = writables = 0;
	got_room = sizeof(got);
	console = xen_console_open();
	if (!console)
		host_fail("no console");
	console->received = on_received;
	console->writable = on_writable;
	if (console->start(console))
		host_fail("no interrupt");
	xen_live(xen.console_port);
}

static bool sent_is(const char *text, size_t n)
{
	return sent_n == n && memcmp(sent, text, n) == 0;
}

/* --- Tests --- */

static char pattern[50000];

static void test_offsets(void)
{
	bool out = true, in = true;

	for (XENCONS_RING_IDX at = UINT32_MAX - 2100; at != 2100; at++) {
		begin(at, at, OUT);
		out = out && console->send(console, pattern, OUT) == OUT &&
		      sent_is(pattern, OUT);
		in = in && backend_type(pattern, IN) == IN && got_n == IN &&
		     memcmp(got, pattern, IN) == 0;
	}
	check(out, "a ringful goes out, wherever the ring begins");
	check(in, "and comes in");
}

static void test_out(void)
{
	size_t done = 0;

	begin(0, 0, 0);
	check(console->send(console, pattern, 5000) == OUT,
	      "a stalled peer: as much as the ring holds");
	check(console->send(console, "x", 1) == 0, "and no more");
	check(!console->is_idle(console), "not idle");
	backend_max = 100;
	backend_take();
	check(writables == 1, "room: the owner is told");
	check(console->send(console, pattern + OUT, 5000) == 100,
	      "what there is room for");
	done = sent_n;
	while (done < OUT + 100) {
		backend_take();
		if (sent_n == done)
			break;
		done = sent_n;
	}
	check(sent_is(pattern, OUT + 100), "all is there, in order");
	check(console->is_idle(console), "idle now");
	check(xen.console.out_prod - xen.console.out_cons == 0 &&
		  writables >= 2,
	      "the owner that waits for it is told");
}

static void test_random_stream(void)
{
	size_t at = 0;

	begin(12345, 0, 300);
	while (at < sizeof(pattern)) {
		size_t n = random_below(3000);

		if (n > sizeof(pattern) - at)
			n = sizeof(pattern) - at;
		at += console->send(console, pattern + at, n);
		backend_max = random_below(4) ? random_below(900) : 0;
		backend_take();
	}
	backend_max = 99;
	xen.yielded = backend_take;
	console->flush(console);
	check(sent_is(pattern, sizeof(pattern)),
	      "flush waits until the peer has taken all");
}

static void test_dead_backend(void)
{
	uint64_t before;

	begin(0, 0, 0);
	console->send(console, pattern, 1000);
	before = host_clock;
	console->flush(console);
	check(host_clock - before >= 10000000000UL &&
		  host_clock - before < 11000000000UL,
	      "a dead peer is waited for, ten seconds");
	before = host_clock;
	console->flush(console);
	check(host_clock == before, "once");
	backend_max = 1;
	backend_take();
	xen.yielded = backend_take;
	console->flush(console);
	check(sent_n == 1000, "until it lives again");
}

static void test_in(void)
{
	unsigned events;

	begin(0, 0, OUT);
	got_room = 10;
	check(backend_type(pattern, IN) == IN && got_n == 10,
	      "the owner takes some");
	check(xen.console.in_cons <= 256, "the rest waits");
	got_room = 5;
	console->resume(console);
	check(got_n == 15, "until it has room");
	got_room = sizeof(got) - got_n;
	events = xen.port[xen.console_port].sent;
	console->resume(console);
	check(got_n == IN && memcmp(got, pattern, IN) == 0, "all in order");
	check(xen.port[xen.console_port].sent <= events + 1,
	      "at most one event for it");
	events = xen.port[xen.console_port].sent;
	backend_type("abc", 3);
	check(got_n == IN + 3 && xen.port[xen.console_port].sent == events,
	      "a peer that has room isn't told");
}

/* The ring was full: the peer waits to be told. */
static void test_in_full(void)
{
	unsigned events;

	begin(0, 0, OUT);
	events = xen.port[xen.console_port].sent;
	backend_type(pattern, IN);
	check(got_n == IN && xen.port[xen.console_port].sent > events,
	      "a peer that had filled the ring is told");
}

static void test_bad_indices(void)
{
	begin(0, 0, OUT);
	xen.console.out_cons = 1;
	check(console->send(console, pattern, 5000) == 5000 &&
		  xen.console.out_prod == 0,
	      "more taken than was sent: dead, output is dropped");
	check(console->is_idle(console), "nothing waits");
	console->flush(console);
	begin(0, 0, OUT);
	xen.console.in_prod = IN + 1;
	xen_raise(xen.console_port);
	check(got_n == 0 && console->send(console, "x", 1) == 1 &&
		  xen.console.out_prod == 0,
	      "more input than the ring holds: dead");
	begin(0, 0, OUT);
	xen.console.in_prod = (XENCONS_RING_IDX)-1;
	xen_raise(xen.console_port);
	check(got_n == 0, "input that goes backwards: dead");
	begin(5, 0, OUT);
	xen.console.out_prod = 77;
	console->send(console, "ab", 2);
	check(xen.console.out_prod == 7, "our own index is ours");
}

static void test_panic(void)
{
	begin(0, 0, 50);
	irq_disable();
	console->panicking = true;
	xen.yielded = backend_take;
	check(console->send(console, pattern, 5000) == OUT, "in a panic");
	console->flush(console);
	check(sent_is(pattern, OUT), "all goes out");
	console->panicking = false;
	irq_enable();
}

static void test_suspend(void)
{
	begin(0, 0, 100);
	xen.yielded = backend_take;
	console->send(console, pattern, 500);
	irq_disable();
	xen_console_suspend();
	check(sent_n == 500, "all is out before a suspend");
	platform_irq_detach(xen.console_port);
	xen_new_domain();
	xen_do_close(xen.console_port);
	xen_new_port(); /* so that the next one is another */
	xen.console_port = xen_tool_port(backend_take);
	xen_console_resume();
	xen_live(xen.console_port);
	irq_enable();
	sent_n = 0;
	backend_max = OUT;
	console->send(console, "again", 5);
	check(sent_is("again", 5), "the new domain's ring works");
	backend_type("in", 2);
	check(got_n == 2, "both ways");
	irq_disable();
	platform_irq_detach(xen.console_port);
	xen.no_map = true;
	xen_console_resume();
	xen.no_map = false;
	irq_enable();
	check(console->send(console, "lost", 4) == 4,
	      "without a ring output is dropped");
}

static void test_none(void)
{
	xen.console_port = 0;
	check(!xen_console_open(), "a domain without a console");
	xen.console_port = 3;
	xen.no_map = true;
	check(!xen_console_open(), "a ring that can't be mapped");
	xen.no_map = false;
	xen.console_port = 0;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (char)random_next();
	irq_enable();
	test_none();
	test_offsets();
	test_out();
	test_random_stream();
	test_dead_backend();
	test_in();
	test_in_full();
	test_bad_indices();
	test_panic();
	test_suspend();
	return check_done();
}
