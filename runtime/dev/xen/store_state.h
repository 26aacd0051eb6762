/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * store_state.h - between the files of the xenstore client.
 */
#ifndef DEV_XEN_STORE_STATE_H
#define DEV_XEN_STORE_STATE_H

#include "arch/spin.h"
#include "core/wait.h"
#include "dev/xen/store.h"
#include <xen/event_channel.h>

extern struct xenstore {
	struct spinlock lock; /* of all that follows */
	volatile struct xenstore_domain_interface *ring;
	evtchn_port_t port;
	XENSTORE_RING_IDX req_prod, rsp_cons; /* never read back */
	bool started, panicking, told;
	const char *dead; /* why it is, or NULL; `told`: to the log */
	unsigned epoch;
	uint32_t last_id, last_token;
	struct list queued;   /* to be sent, the first maybe in part */
	struct list sent;     /* waiting for replies */
	struct list finished; /* to be told */
	struct list watches;
	struct xenstore_watch *firing;
	/* One at a time works; others tell it to look again. */
	bool working, again;
	/* The message that is coming in. */
	struct xsd_sockmsg header;
	size_t got; /* bytes of header and body */
	char body[XENSTORE_PAYLOAD_MAX + 1];
} xenstore;

unsigned long xenstore_lock(void);
void xenstore_unlock(unsigned long flags);
/* Under the lock: nothing works any more; all requests end with -EIO. */
void xenstore_die(const char *why);
/* Sends, receives, tells.  Any context, without the lock. */
void xenstore_work(void);
/* Calls xenstore_work until *flag, or dies after ns.  Interrupts are off. */
void xenstore_poll(const bool *flag, uint64_t ns);

/* Tells xenstored of a watch that is in the list, without waiting. */
void xenstore_watch_again(struct xenstore_watch *w);

#endif
