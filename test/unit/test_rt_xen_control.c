/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/control.c: requests of the tools, suspend, the exit status. */
#include "check.h"
#include "core/clock.h"
#include "core/pages.h"
#include "core/thread.h"
#include "dev/xen/control.h"
#include "dev/xen/grant.h"
#include "dev/xen/store.h"
#include "dev/xen/xen_console.h"
#include "xen_store.h"

#define ARENA (XEN_PAGES * PAGE_SIZE)
#define REQUEST "control/shutdown"

static unsigned ends;

static void on_end(void)
{
	if (irq_enabled())
		host_fail("told with interrupts on");
	ends++;
}

/* The tools write a request. */
static void request(const char *what)
{
	store_set(REQUEST, what, strlen(what));
	store_step();
	host_advance(1000);
}

static void test_start(void)
{
	store_new(0, 0);
	xenstore_open();
	xenstore_start();
	xen_live(xen.store_port);
	xen_control_start(on_end);
	check(store_has("control/feature-poweroff", "1") &&
		  store_has("control/feature-reboot", "1") &&
		  store_has("control/feature-suspend", "1"),
	      "what it can do is told");
	check(store.watches == 1 && ends == 0, "nothing is asked yet");
}

static void test_requests(void)
{
	request("poweroff");
	check(ends == 1 && store_has(REQUEST, "") && !xen.reboots,
	      "poweroff: acknowledged, then told");
	request("halt");
	check(ends == 2 && store_has(REQUEST, "") && !xen.reboots, "halt");
	request("reboot");
	check(ends == 3 && store_has(REQUEST, "") && xen.reboots == 1,
	      "reboot: it will start again");
	request("dance");
	check(ends == 3 && store_has(REQUEST, "dance"),
	      "what isn't known is left to be seen");
	request("a request that is far longer than any that there is");
	check(ends == 3, "a long one, too");
	request("poweroff");
	check(ends == 4 && store_has(REQUEST, ""), "and the next one works");
}

static void test_conflicts(void)
{
	store.conflicts = 2;
	request("poweroff");
	check(ends == 5 && store_has(REQUEST, "") && store.conflicts == 0,
	      "one that meets with others is acknowledged all the same, once");
	store.fail = "EACCES";
	request("poweroff");
	check(ends == 5, "an error isn't obeyed");
	store.fail = NULL;
	store_set(REQUEST, "", 0);
	store_step();
	/* Two requests before the first is looked at. */
	store.stalled = true;
	store_set(REQUEST, "halt", 4);
	store_set(REQUEST, "poweroff", 8);
	store.stalled = false;
	store_step();
	check(ends == 6 && store_has(REQUEST, ""), "two at once are one");
}

/* The tools take it back while it is being looked at. */
static void taken_back(void)
{
	if (store.in_n == 0 && store.last_type == XS_TRANSACTION_START) {
		struct store_node *node = store_find(REQUEST);

		node->n = 0;
	}
	store_step();
}

static void test_taken_back(void)
{
	store.chunk = 1;
	xen.port[xen.store_port].peer = taken_back;
	store_set(REQUEST, "poweroff", 8);
	for (unsigned i = 0; i < 2000; i++)
		taken_back();
	check(ends == 6 && !store.tx, "one that is taken back isn't obeyed");
	xen.port[xen.store_port].peer = store_step;
	store.chunk = 0;
	request("halt");
	check(ends == 7, "and the next one works");
}

/* --- Suspend --- */

static uint64_t wall_jump;

static void on_suspend(void)
{
	host_wall_offset += wall_jump;
	if (xen.suspend_result == 0) {
		store_new(0, 0);
		store_set(REQUEST, "", 0);
	}
}

static void test_suspend(void)
{
	uint64_t wall = clock_wall() - clock_now();

	xen_on_suspend = on_suspend;
	wall_jump = 0;
	xen.suspend_result = 1;
	request("suspend");
	check(xen.suspends == 1 && store_has(REQUEST, ""),
	      "suspend: acknowledged and done");
	request("halt");
	check(ends == 8, "a cancelled one changes nothing");
	xen.suspend_result = 0;
	wall_jump = 3600 * NS_PER_SEC;
	request("suspend");
	xen_live(xen.store_port);
	store_step();
	check(xen.suspends == 2 && store.watches == 1 &&
		  store_has("control/feature-suspend", "1"),
	      "a new domain is told again, and watched");
	check(clock_wall() - clock_now() == wall + 3600 * NS_PER_SEC,
	      "the wall clock knows of the time that went by");
	request("halt");
	check(ends == 9 && store_has(REQUEST, ""), "all works on");
}

static void test_refused(void)
{
	struct xen_grant_map *m;
	int error;

	m = xen_grant_map(XEN_PEER, 0, true, &error);
	request("suspend");
	check(xen.suspends == 2, "no suspend while others' pages are mapped");
	xen_grant_unmap(m);
	xen.suspend_result = -EPERM;
	request("suspend");
	check(xen.suspends == 3, "Xen refuses");
	request("halt");
	check(ends == 10, "which does no harm");
}

/* --- The exit status --- */

static void in_panic(void *unused)
{
	(void)unused;
	irq_disable();
	xen_control_tell_status(125);
	_exit(store_has("data/halvm/exit-status", "125") ? 0 : 1);
}

static void test_status(void)
{
	uint64_t before;

	check_dies(in_panic, NULL, 0, "", "the status in a panic");
	xen_control_tell_status(42);
	check(store_has("data/halvm/exit-status", "42"), "the status at exit");
	store.stalled = true;
	before = host_clock;
	xen_control_tell_status(1);
	check(host_clock - before <= 6 * NS_PER_SEC,
	      "nobody waits for ever for a dead xenstored");
}

int main(void)
{
	host_ram_start(ARENA);
	pages_add(PAGE_SIZE, ARENA - PAGE_SIZE);
	host_threads_start();
	test_start();
	test_requests();
	test_conflicts();
	test_taken_back();
	test_suspend();
	test_refused();
	test_status();
	return check_done();
}
