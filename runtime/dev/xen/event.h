/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event.h - event channels: interrupts from, and to, other domains.
 *
 * A port is this domain's number of a channel's end.  Its function is called
 * in interrupt context; several events before that are one.  NULL in its
 * place: the port is only sent to and polled.
 *
 * Any context, unless said otherwise.
 */
#ifndef DEV_XEN_EVENT_H
#define DEV_XEN_EVENT_H

#include "xen.h"
#include <xen/event_channel.h>

/* A channel that domain `peer` may bind to.  0 or -errno. */
int xen_event_alloc(domid_t peer, void (*fn)(void *), void *argument,
		    evtchn_port_t *port);
/* The other end of what `peer` allocated for us.  0 or -errno. */
int xen_event_bind(domid_t peer, evtchn_port_t remote, void (*fn)(void *),
		   void *argument, evtchn_port_t *port);
/* A virtual interrupt (VIRQ_*) of CPU 0.  0; -EEXIST: it has a port. */
int xen_event_bind_virq(unsigned virq, void (*fn)(void *), void *argument,
			evtchn_port_t *port);
/* Ends what one of these began, and its function isn't called any more. */
void xen_event_close(evtchn_port_t port);

/* For ports that the tools made before the domain began.  0 or -errno. */
int xen_event_attach(evtchn_port_t port, void (*fn)(void *), void *argument);
void xen_event_detach(evtchn_port_t port);

/* 0 or -errno; -EINVAL: there is no such channel. */
int xen_event_send(evtchn_port_t port);

/* Channels opened by alloc and bind, and not yet closed. */
unsigned xen_event_count(void);

/* After xen_suspend said 0: all channels are gone, none need be closed. */
void xen_event_resume(void);

#endif
