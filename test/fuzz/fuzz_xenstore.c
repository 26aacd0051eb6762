/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the xenstore client (dev/xen/store*.c) against a hostile
 * xenstored: the input says by turns what the client asks, what bytes come,
 * and where the indices of the ring are put.  Whatever comes, all requests
 * end, none twice, and answers lie within their places.
 */
#include <stdlib.h>
#include <string.h>

#include "dev/xen/store_state.h"
#include "xen_machine.h"

#define REQUESTS 8
#define REPLY 64

enum {
	ASK,
	LIST,
	EVENT,	/* a watch's */
	ANSWER, /* to a request, by its number */
	BYTES,
	INDEX,
	TAKE,
	POLL,
	ACTIONS
};

static struct {
	struct xenstore_request r;
	char *reply;
	bool busy;
} asked[REQUESTS];
static struct xenstore_watch watches[2];

static void on_change(struct xenstore_watch *w, const char *path)
{
	if (w < watches || w >= watches + 2 ||
	    strlen(path) > XENSTORE_PAYLOAD_MAX)
		abort();
}

static void on_done(struct xenstore_request *r)
{
	for (unsigned i = 0; i < REQUESTS; i++) {
		if (r != &asked[i].r)
			continue;
		if (!asked[i].busy || r->error > 0 ||
		    (!r->error && r->reply_length >= REPLY))
			abort();
		asked[i].busy = false;
		free(asked[i].reply);
		return;
	}
	abort();
}

static void ask(unsigned i, uint8_t type, uint8_t n)
{
	static const char text[XENSTORE_PAYLOAD_MAX + 200];

	if (asked[i].busy)
		return;
	asked[i].busy = true;
	asked[i].reply = malloc(REPLY);
	asked[i].r = (struct xenstore_request){
	    .type = type % XS_TYPE_COUNT,
	    .piece = {{text, n}, {text, n * 17U % 4200}},
	    .reply = asked[i].reply,
	    .reply_size = REPLY,
	    .done = on_done,
	};
	xenstore_submit(&asked[i].r);
}

/* Bytes of xenstored: as many as the ring takes. */
static void put(const void *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		xen.store.rsp[MASK_XENSTORE_IDX(xen.store.rsp_prod++)] =
		    ((const char *)data)[i];
	xen_raise(xen.store_port);
}

static void put_message(uint32_t type, uint32_t id, const uint8_t *data,
			size_t size, size_t n)
{
	struct xsd_sockmsg header = {type, id, 0, (uint32_t)n};

	put(&header, sizeof(header));
	put(data, n < size ? n : size);
}

/* A list of the client's own, of which the whole is checked. */
static void list(uint8_t size)
{
	char *names = malloc(size + 1UL);
	long n;

	irq_disable();
	n = xenstore_list(NULL, "x", names, size);
	irq_enable();
	if (n > size || (n > 0 && names[n - 1]))
		abort();
	free(names);
}

/* Time flies, or waiting for no answer would take long. */
static void on_yield(void)
{
	host_clock += 20000000000;
}

static void start(void)
{
	if (!xen.store_port)
		xen.store_port = xen_tool_port(NULL);
	xen.yielded = on_yield;
	platform_irq_detach(xen.store_port);
	memset(&xen.store, 0, sizeof(xen.store));
	memset(&xenstore, 0, sizeof(xenstore));
	list_init(&xenstore.queued);
	list_init(&xenstore.sent);
	list_init(&xenstore.finished);
	list_init(&xenstore.watches);
	if (xenstore_open() || xenstore_start())
		abort();
	xenstore.told = true; /* no line for each */
	xen_live(xen.store_port);
	for (unsigned i = 0; i < 2; i++) {
		watches[i].path = "w";
		watches[i].changed = on_change;
		xenstore_watch_soon(&watches[i]);
	}
}

static void finish(void)
{
	unsigned long flags = xenstore_lock();

	xenstore_die("the input's end");
	xenstore_unlock(flags);
	xenstore_work();
	for (unsigned i = 0; i < REQUESTS; i++)
		if (asked[i].busy)
			abort();
	if (xenstore.working || !list_empty(&xenstore.finished))
		abort();
}

static void set_index(uint8_t which, uint8_t value)
{
	XENSTORE_RING_IDX *index[] = {&xen.store.req_cons, &xen.store.req_prod,
				      &xen.store.rsp_cons, &xen.store.rsp_prod};

	((uint8_t *)index[which & 3])[which >> 2 & 3] = value;
	xen_raise(xen.store_port);
}

static size_t act(const uint8_t *data, size_t size)
{
	const uint8_t *rest = data + 3;
	size_t n = data[2];

	size -= 3;
	switch (data[0] % ACTIONS) {
	case ASK:
		ask(data[1] % REQUESTS, data[1] / REQUESTS, data[2]);
		return 0;
	case LIST:
		list(data[2]);
		return 0;
	case EVENT:
		put_message(XS_WATCH_EVENT, 0, rest, size, n);
		break;
	case ANSWER:
		put_message(data[1] & 0x80 ? XS_ERROR : data[1] >> 3,
			    xenstore.last_id - (data[1] & 7), rest, size, n);
		break;
	case BYTES:
		put(rest, n < size ? n : size);
		break;
	case INDEX:
		set_index(data[1], data[2]);
		return 0;
	case TAKE:
		xen.store.req_cons += data[1] * 4U;
		xen_raise(xen.store_port);
		return 0;
	case POLL:
		xenstore_work();
		return 0;
	}
	return n < size ? n : size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	irq_enable();
	start();
	while (size >= 3) {
		size_t used = 3 + act(data, size);

		data += used;
		size -= used;
	}
	finish();
	return 0;
}
