/* SPDX-License-Identifier: BSD-3-Clause */
/* dev/xen/event.c: channels are opened, used and closed. */
#include "check.h"
#include "xen_machine.h"

static unsigned events;

static void count_event(void *argument)
{
	events += *(unsigned *)argument;
}

static unsigned peer_events;

static void peer(void)
{
	peer_events++;
}

static void test_alloc(void)
{
	unsigned weight = 3;
	evtchn_port_t port = 0;

	check(xen_event_alloc(XEN_PEER, count_event, &weight, &port) == 0 &&
		  port,
	      "a channel for a peer");
	check(xen_event_count() == 1, "is counted");
	xen.port[port].peer = peer;
	xen_live(port);
	xen_raise(port);
	check(events == 3, "its event calls the function");
	check(xen_event_send(port) == 0 && peer_events == 1,
	      "an event goes to the peer");
	xen.port[port].live = false;
	xen_event_close(port);
	check(!xen.port[port].open && xen_event_count() == 0, "closed");
	check(xen_event_send(port) == -EINVAL,
	      "nothing is sent where no channel is");
}

static void test_bind(void)
{
	evtchn_port_t port, again;
	unsigned one = 1;

	check(xen_event_bind(XEN_PEER, 5, NULL, NULL, &port) == 0,
	      "a peer's channel is bound, without a function");
	check(xen_event_bind(3, 5, NULL, NULL, &again) == -ESRCH,
	      "not that of another domain");
	xen_event_close(port);
	check(xen_event_bind_virq(VIRQ_DEBUG, count_event, &one, &port) == 0,
	      "a virtual interrupt");
	check(xen_event_bind_virq(VIRQ_DEBUG, count_event, &one, &again) ==
		  -EEXIST,
	      "has one port only");
	xen_event_close(port);
	check(xen_event_count() == 0, "none is left");
}

static void test_errors(void)
{
	evtchn_port_t port[XEN_PORTS + 1];
	unsigned n = 0;
	int error;

	while (!(error = xen_event_alloc(XEN_PEER, NULL, NULL, &port[n])))
		n++;
	check(error == -ENOSPC && xen_event_count() == n,
	      "ports run out: -ENOSPC");
	while (n)
		xen_event_close(port[--n]);
	check(xen_event_count() == 0, "none is left");
	xen.event_error = -EPERM;
	check(xen_event_alloc(1, NULL, NULL, port) == -EPERM &&
		  xen_event_bind(1, 1, NULL, NULL, port) == -EPERM &&
		  xen_event_bind_virq(1, NULL, NULL, port) == -EPERM,
	      "Xen's errors are told");
	xen.event_error = 0;
}

/* A port that the platform has no place for isn't left open. */
static void test_no_place(void)
{
	evtchn_port_t port;
	unsigned one = 1;

	for (unsigned i = 0; i < XEN_PORTS; i++)
		xen.port[i].open = i != XEN_PORTS - 1;
	check(xen_event_alloc(1, count_event, &one, &port) == 0,
	      "the last port");
	xen_event_close(port);
	check(!xen.port[XEN_PORTS - 1].open, "is closed");
}

int main(void)
{
	irq_enable();
	test_alloc();
	test_bind();
	test_errors();
	test_no_place();
	return check_done();
}
