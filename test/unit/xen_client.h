/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_client.h - the client of xenstore with its mock, both as at first.
 */
#ifndef TEST_XEN_CLIENT_H
#define TEST_XEN_CLIENT_H

#include "dev/xen/store_state.h"
#include "xen_store.h"

/* The rings' indices begin there; it is polled. */
static inline void begin_at(XENSTORE_RING_IDX at)
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

static inline void begin(void)
{
	begin_at(0);
	if (xenstore_start())
		host_fail("no interrupt");
	xen_live(xen.store_port);
}

static inline bool works(void)
{
	char text[20];

	return xenstore_write(NULL, "works", "yes", 3) == 0 &&
	       xenstore_read(NULL, "works", text, sizeof(text)) == 3 &&
	       strcmp(text, "yes") == 0;
}

#endif
