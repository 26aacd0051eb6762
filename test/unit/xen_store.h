/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_store.h - a xenstored for tests, at the other end of xen.store: nodes,
 * transactions that conflict, watches.  It answers when it gets an event,
 * unless it is stalled, in pieces of at most `chunk` bytes.
 */
#ifndef TEST_XEN_STORE_H
#define TEST_XEN_STORE_H

#include "xen_machine.h"

#define STORE_NODES 200
#define STORE_OUT 200000

struct store_node {
	char path[80], value[200];
	size_t n;
};

static struct store {
	struct store_node node[STORE_NODES], saved[STORE_NODES];
	unsigned count, saved_count;
	unsigned generation,
	    began;   /* of the tree; at the transaction's start */
	uint32_t tx; /* the one that is open, or 0 */
	struct {
		char path[80], token[16];
	} watch[8];
	unsigned watches;
	bool stalled;
	size_t chunk; /* bytes moved in a step; 0: all */
	/* A message that is coming in; what goes out. */
	struct {
		struct xsd_sockmsg header;
		char body[XENSTORE_PAYLOAD_MAX + 1];
	} in;
	size_t in_n, out_n;
	char out[STORE_OUT];
	unsigned requests, conflicts; /* so many commits conflict */
	uint32_t last_type;
	const char *fail; /* every request fails with this error */
	const char *home;
} store;

static void store_put(uint32_t type, uint32_t id, const void *body, size_t n)
{
	struct xsd_sockmsg header = {type, id, 0, (uint32_t)n};

	if (store.out_n + sizeof(header) + n > STORE_OUT)
		host_fail("the mock of xenstored has too much to say");
	memcpy(store.out + store.out_n, &header, sizeof(header));
	memcpy(store.out + store.out_n + sizeof(header), body, n);
	store.out_n += sizeof(header) + n;
}

static void store_reply(const void *body, size_t n)
{
	store_put(store.in.header.type, store.in.header.req_id, body, n);
}

static void store_error(const char *name)
{
	store_put(XS_ERROR, store.in.header.req_id, name, strlen(name) + 1);
}

static struct store_node *store_find(const char *path)
{
	for (unsigned i = 0; i < store.count; i++)
		if (strcmp(store.node[i].path, path) == 0)
			return &store.node[i];
	return NULL;
}

static inline void store_event(const char *path, const char *token)
{
	char body[200];
	size_t n = (size_t)sprintf(body, "%.80s", path) + 1;

	n += (size_t)sprintf(body + n, "%.20s", token) + 1;
	store_put(XS_WATCH_EVENT, 0, body, n);
}

static void store_fire(const char *path)
{
	for (unsigned i = 0; i < store.watches; i++) {
		size_t n = strlen(store.watch[i].path);

		if (strncmp(path, store.watch[i].path, n) == 0 &&
		    (path[n] == '/' || !path[n]))
			store_event(path, store.watch[i].token);
	}
}

static void store_set(const char *path, const void *value, size_t n)
{
	struct store_node *node = store_find(path);

	if (!node) {
		if (store.count == STORE_NODES)
			host_fail("the mock of xenstored is full");
		node = &store.node[store.count++];
		if (strlen(path) >= sizeof(node->path))
			host_fail("a path is too long");
		strcpy(node->path, path);
	}
	node->n = n < sizeof(node->value) ? n : sizeof(node->value);
	memcpy(node->value, value, node->n);
	store.generation++;
	if (!store.tx)
		store_fire(path);
}

static void store_directory(bool part)
{
	static char body[100000];
	const char *path = store.in.body, *offset = path + strlen(path) + 1;
	size_t n = 0, length = strlen(path), from = 0;

	for (unsigned i = 0; i < store.count; i++) {
		const char *at = store.node[i].path;

		if (strncmp(at, path, length) == 0 && at[length] == '/')
			n += (size_t)sprintf(body + n, "%s", at + length + 1) +
			     1;
	}
	if (!part) {
		if (n > XENSTORE_PAYLOAD_MAX)
			store_error("E2BIG");
		else
			store_reply(body, n);
		return;
	}
	body[n++] = '\0';
	from = (size_t)atol(offset);
	if (from > n)
		from = n;
	n -= from;
	memmove(body + 20, body + from, n);
	length = (size_t)sprintf(body, "%u", store.generation) + 1;
	memmove(body + length, body + 20, n);
	n += length;
	/* Whole names only. */
	if (n > XENSTORE_PAYLOAD_MAX) {
		n = XENSTORE_PAYLOAD_MAX;
		while (body[n - 1])
			n--;
	}
	store_reply(body, n);
}

static void store_end(bool commit)
{
	bool conflict = commit && store.conflicts;

	if (!store.tx || store.in.header.tx_id != store.tx) {
		store_error("ENOENT");
		return;
	}
	store.tx = 0;
	if (conflict)
		store.conflicts--;
	if (!commit || conflict) {
		memcpy(store.node, store.saved, sizeof(store.node));
		store.count = store.saved_count;
	} else {
		for (unsigned i = 0; i < store.count; i++)
			store_fire(store.node[i].path);
	}
	if (conflict)
		store_error("EAGAIN");
	else
		store_reply("OK", 3);
}

static void store_begin(void)
{
	static uint32_t last = 40;
	char text[16];

	store.tx = ++last;
	memcpy(store.saved, store.node, sizeof(store.node));
	store.saved_count = store.count;
	store_reply(text, (size_t)sprintf(text, "%u", last) + 1);
}

static void store_watch(bool begin)
{
	const char *path = store.in.body, *token = path + strlen(path) + 1;

	if (begin) {
		if (store.watches == 8) {
			store_error("ENOSPC");
			return;
		}
		strcpy(store.watch[store.watches].path, path);
		strcpy(store.watch[store.watches++].token, token);
		store_reply("OK", 3);
		store_event(path, token);
		return;
	}
	for (unsigned i = 0; i < store.watches; i++) {
		if (strcmp(store.watch[i].token, token) != 0)
			continue;
		store.watch[i] = store.watch[--store.watches];
		store_reply("OK", 3);
		return;
	}
	store_error("ENOENT");
}

static void store_remove(const char *path)
{
	struct store_node *node = store_find(path);

	if (!node) {
		store_error("ENOENT");
		return;
	}
	*node = store.node[--store.count];
	store_reply("OK", 3);
	store_fire(path);
}

static void store_answer(void)
{
	size_t n = store.in.header.len, path = strlen(store.in.body) + 1;
	struct store_node *node = store_find(store.in.body);
	char text[80];

	store.requests++;
	store.last_type = store.in.header.type;
	if (store.fail) {
		store_error(store.fail);
		return;
	}
	switch (store.in.header.type) {
	case XS_READ:
		if (node)
			store_reply(node->value, node->n);
		else
			store_error("ENOENT");
		return;
	case XS_WRITE:
		store_reply("OK", 3);
		store_set(store.in.body, store.in.body + path, n - path);
		return;
	case XS_MKDIR:
		store_reply("OK", 3);
		if (!node)
			store_set(store.in.body, "", 0);
		return;
	case XS_RM:
		store_remove(store.in.body);
		return;
	case XS_DIRECTORY:
	case XS_DIRECTORY_PART:
		store_directory(store.in.header.type == XS_DIRECTORY_PART);
		return;
	case XS_TRANSACTION_START:
		store_begin();
		return;
	case XS_TRANSACTION_END:
		store_end(store.in.body[0] == 'T');
		return;
	case XS_WATCH:
	case XS_UNWATCH:
		store_watch(store.in.header.type == XS_WATCH);
		return;
	case XS_GET_DOMAIN_PATH:
		store_reply(text, (size_t)sprintf(text, "/local/domain/%.20s",
						  store.in.body) +
				      1);
		return;
	}
	store_error("ENOSYS");
}

static size_t store_take(size_t max)
{
	struct xenstore_domain_interface *r = &xen.store;
	size_t n = r->req_prod - r->req_cons, whole = sizeof(store.in.header);

	if (n > XENSTORE_RING_SIZE)
		host_fail("the client's index of requests is wrong");
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++) {
		((char *)&store.in)[store.in_n++] =
		    r->req[MASK_XENSTORE_IDX(r->req_cons + i)];
		if (store.in_n >= whole && store.in.header.len > 4096)
			host_fail("the client sends too long a message");
		if (store.in_n < whole ||
		    store.in_n < whole + store.in.header.len)
			continue;
		store.in.body[store.in.header.len] = '\0';
		store.in_n = 0;
		store_answer();
	}
	r->req_cons += (XENSTORE_RING_IDX)n;
	return n;
}

static size_t store_give(size_t max)
{
	struct xenstore_domain_interface *r = &xen.store;
	size_t used = r->rsp_prod - r->rsp_cons, n = store.out_n;

	if (used > XENSTORE_RING_SIZE)
		host_fail("the client's index of replies is wrong");
	if (n > XENSTORE_RING_SIZE - used)
		n = XENSTORE_RING_SIZE - used;
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		r->rsp[MASK_XENSTORE_IDX(r->rsp_prod + i)] = store.out[i];
	r->rsp_prod += (XENSTORE_RING_IDX)n;
	store.out_n -= n;
	memmove(store.out, store.out + n, store.out_n);
	return n;
}

/* What it does at an event. */
static void store_step(void)
{
	size_t max = store.chunk ? store.chunk : STORE_OUT, n;

	if (store.stalled)
		return;
	n = store_take(max);
	n += store_give(max);
	if (n)
		xen_raise(xen.store_port);
}

/* An empty one, with a ring whose indices begin there. */
static void store_new(XENSTORE_RING_IDX out, XENSTORE_RING_IDX in)
{
	memset(&store, 0, sizeof(store));
	if (xen.store_port) {
		platform_irq_detach(xen.store_port);
		xen_do_close(xen.store_port);
	}
	xen.store_port = xen_tool_port(store_step);
	xen.yielded = store_step;
	memset(&xen.store, 0, sizeof(xen.store));
	xen.store.req_cons = xen.store.req_prod = out;
	xen.store.rsp_cons = xen.store.rsp_prod = in;
}

static inline bool store_has(const char *path, const char *value)
{
	struct store_node *node = store_find(path);

	return node && node->n == strlen(value) &&
	       memcmp(node->value, value, node->n) == 0;
}

#endif
