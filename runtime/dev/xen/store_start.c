/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * store_start.c - the xenstore client's beginnings and ends.
 */
#include "dev/xen/store_state.h"

#include "core/clock.h"
#include "core/panic.h"
#include "dev/xen/call.h"
#include "dev/xen/event.h"
#include <xen/hvm/params.h>

#define PANIC_MAX (2 * NS_PER_SEC)
#define SUSPEND_MAX (10 * NS_PER_SEC)

static void event(void *argument)
{
	(void)argument;
	xenstore_work();
}

/* What an earlier user of the ring didn't read is of no use to us. */
static bool find_ring(void)
{
	uint64_t frame = xen_param(HVM_PARAM_STORE_PFN);
	uint64_t port = xen_param(HVM_PARAM_STORE_EVTCHN);

	if (frame == 0 || port == 0 || port > UINT32_MAX)
		return false;
	xenstore.ring = xen_map_frame(frame);
	if (!xenstore.ring)
		return false;
	xenstore.port = (evtchn_port_t)port;
	xenstore.req_prod = xenstore.ring->req_prod;
	xenstore.rsp_cons = xenstore.ring->rsp_prod;
	xenstore.ring->rsp_cons = xenstore.rsp_cons;
	xenstore.got = 0;
	xenstore.dead = NULL;
	xenstore.told = false;
	xenstore.epoch++;
	return true;
}

int xenstore_open(void)
{
	return find_ring() ? 0 : -ENODEV;
}

int xenstore_start(void)
{
	int error;

	if (!xenstore.ring)
		return -ENODEV;
	error = xen_event_attach(xenstore.port, event, NULL);
	if (!error) {
		xenstore.started = true;
		xenstore_work();
	}
	return error;
}

int xenstore_panic_write(const char *path, const void *value, size_t n)
{
	static struct xenstore_request r;

	irq_disable();
	/* What is half done in there can't be gone on with. */
	if (xenstore.dead || xenstore.lock.held)
		return -EIO;
	xenstore.panicking = true;
	xenstore.working = false;
	r = (struct xenstore_request){.type = XS_WRITE};
	xenstore_string(&r, 0, path);
	r.piece[1] = (struct xenstore_piece){value, n};
	xenstore_submit(&r);
	xenstore_poll(&r.finished, PANIC_MAX);
	return r.error;
}

/* Interrupts are off: who else could submit requests doesn't run. */
int xenstore_suspend(void)
{
	uint64_t deadline = clock_now() + SUSPEND_MAX;

	for (;;) {
		xenstore_work();
		if (xenstore.dead)
			return -EIO;
		if (list_empty(&xenstore.queued) &&
		    list_empty(&xenstore.sent) && xenstore.got == 0)
			return 0;
		if (clock_now() >= deadline)
			return -EBUSY;
		xen_yield();
	}
}

void xenstore_resume(void)
{
	unsigned long flags = xenstore_lock();
	bool found = find_ring();

	if (!found)
		xenstore_die("the new domain has none");
	xenstore_unlock(flags);
	if (!found || (xenstore.started && xenstore_start()))
		log_line(LOG_ERROR, "xenstore: not found after a resume");
	list_for_each(node, &xenstore.watches)
	{
		struct xenstore_watch *w =
		    container_of(node, struct xenstore_watch, node);

		xenstore_watch_again(w);
	}
}
