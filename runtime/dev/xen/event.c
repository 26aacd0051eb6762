/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event.c - event channels, by EVTCHNOP_* (xen/event_channel.h).
 */
#include "dev/xen/event.h"

#include "dev/xen/call.h"
#include "platform.h"

static unsigned count;

int xen_event_attach(evtchn_port_t port, void (*fn)(void *), void *argument)
{
	return fn ? platform_irq_attach(port, fn, argument) : 0;
}

void xen_event_detach(evtchn_port_t port)
{
	platform_irq_detach(port);
}

static void close_port(evtchn_port_t port)
{
	struct evtchn_close close = {.port = port};

	xen_event_op(EVTCHNOP_close, &close);
}

/* A new port gets its function, or is closed again. */
static int opened(evtchn_port_t new, void (*fn)(void *), void *argument,
		  evtchn_port_t *port)
{
	int error = xen_event_attach(new, fn, argument);

	if (error) {
		close_port(new);
		return error;
	}
	__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	*port = new;
	return 0;
}

int xen_event_alloc(domid_t peer, void (*fn)(void *), void *argument,
		    evtchn_port_t *port)
{
	struct evtchn_alloc_unbound op = {.dom = DOMID_SELF,
					  .remote_dom = peer};
	int error = xen_event_op(EVTCHNOP_alloc_unbound, &op);

	return error ? error : opened(op.port, fn, argument, port);
}

int xen_event_bind(domid_t peer, evtchn_port_t remote, void (*fn)(void *),
		   void *argument, evtchn_port_t *port)
{
	struct evtchn_bind_interdomain op = {.remote_dom = peer,
					     .remote_port = remote};
	int error = xen_event_op(EVTCHNOP_bind_interdomain, &op);

	return error ? error : opened(op.local_port, fn, argument, port);
}

int xen_event_bind_virq(unsigned virq, void (*fn)(void *), void *argument,
			evtchn_port_t *port)
{
	struct evtchn_bind_virq op = {.virq = virq, .vcpu = 0};
	int error = xen_event_op(EVTCHNOP_bind_virq, &op);

	return error ? error : opened(op.port, fn, argument, port);
}

void xen_event_close(evtchn_port_t port)
{
	xen_event_detach(port);
	close_port(port);
	__atomic_sub_fetch(&count, 1, __ATOMIC_RELAXED);
}

int xen_event_send(evtchn_port_t port)
{
	struct evtchn_send send = {.port = port};

	return xen_event_op(EVTCHNOP_send, &send);
}

unsigned xen_event_count(void)
{
	return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

void xen_event_resume(void)
{
	__atomic_store_n(&count, 0, __ATOMIC_RELAXED);
}
