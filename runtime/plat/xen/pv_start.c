/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pv_start.c - a guest that was started as PV says what it wants instead, and
 * ends.
 */
#include "xen_plat.h"

#include <xen/event_channel.h>
#include <xen/io/console.h>
#include <xen/sched.h>

#include "arch/hypercall.h"

static const char message[] =
    "halvm: panic: this image wants a PVH guest, not a PV one: say type = "
    "\"pvh\" in the domain's configuration\r\n";

/* A backend that doesn't read for so many turns is dead. */
#define POLLS_MAX 1000000

_Noreturn void xen_pv_start(struct start_info *info)
{
	const uint64_t *machine_to_frame = (void *)HYPERVISOR_VIRT_START;
	struct xencons_interface *ring =
	    (void *)(machine_to_frame[info->console.domU.mfn] << 12);
	struct evtchn_send send = {.port = info->console.domU.evtchn};
	struct sched_shutdown crash = {.reason = SHUTDOWN_crash};
	uint32_t at = ring->out_prod;

	/* The ring is empty, and longer than the message. */
	for (unsigned i = 0; i < sizeof message - 1; i++)
		ring->out[at++ % sizeof ring->out] = message[i];
	__atomic_store_n(&ring->out_prod, at, __ATOMIC_RELEASE);
	xen_hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send,
		      (unsigned long)&send, 0, 0, 0);
	for (unsigned i = 0; i < POLLS_MAX; i++) {
		if (__atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE) == at)
			break;
		xen_hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
	}
	for (;;)
		xen_hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown,
			      (unsigned long)&crash, 0, 0, 0);
}
