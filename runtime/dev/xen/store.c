/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * store.c - the ring to xenstored, and who gets its messages (xen/io/
 * xs_wire.h; xenstore-ring.txt and xenstore.txt of Xen's docs/misc).
 *
 * Requests go out one after the other, in pieces as the ring takes them; each
 * has a number, by which its reply finds it.  What comes in is put together in
 * `body`, and looked at when it is whole.  xenstored isn't trusted to keep to
 * the protocol: all lengths and numbers are checked, and the connection is
 * dead when one is wrong, as there is no way to find the next message.
 *
 * Interrupts are off while a callback runs, so on one CPU nobody ever meets
 * `working` but the callback itself.
 */
#include "dev/xen/store_state.h"

#include "arch/io.h"
#include "core/clock.h"
#include "core/panic.h"
#include "dev/xen/call.h"
#include "dev/xen/event.h"
#include "lib/string.h"

#define HEADER sizeof(struct xsd_sockmsg)
/* As xen_console.c's. */
#define LOOKS_MAX 20000000

struct xenstore xenstore = {
    .dead = "there is none",
    .told = true,
    .queued = LIST_INIT(xenstore.queued),
    .sent = LIST_INIT(xenstore.sent),
    .finished = LIST_INIT(xenstore.finished),
    .watches = LIST_INIT(xenstore.watches),
};

/* In a panic the holder of the lock may be who panics. */
unsigned long xenstore_lock(void)
{
	return xenstore.panicking ? irq_save() : spin_lock(&xenstore.lock);
}

void xenstore_unlock(unsigned long flags)
{
	if (xenstore.panicking)
		irq_restore(flags);
	else
		spin_unlock(&xenstore.lock, flags);
}

static void finish(struct xenstore_request *r, int error)
{
	r->error = error;
	list_remove(&r->node);
	list_append(&xenstore.finished, &r->node);
}

void xenstore_die(const char *why)
{
	if (xenstore.dead)
		return;
	xenstore.dead = why;
	list_for_each(node, &xenstore.queued)
	    finish(container_of(node, struct xenstore_request, node), -EIO);
	list_for_each(node, &xenstore.sent)
	    finish(container_of(node, struct xenstore_request, node), -EIO);
}

/* --- Out --- */

/* What of the request comes next: how many bytes stand there together. */
static size_t next_piece(const struct xenstore_request *r, const char **data)
{
	size_t at = r->sent;

	if (at < HEADER) {
		*data = (const char *)&r->header + at;
		return HEADER - at;
	}
	at -= HEADER;
	for (unsigned i = 0; i < XENSTORE_PIECES; i++) {
		if (at < r->piece[i].size) {
			*data = (const char *)r->piece[i].data + at;
			return r->piece[i].size - at;
		}
		at -= r->piece[i].size;
	}
	return 0;
}

/* Puts some bytes; how many, 0 if there is no room. */
static size_t put(const char *data, size_t n)
{
	volatile struct xenstore_domain_interface *ring = xenstore.ring;
	size_t used = xenstore.req_prod - ring->req_cons;
	size_t at = MASK_XENSTORE_IDX(xenstore.req_prod);

	if (used > XENSTORE_RING_SIZE) {
		xenstore_die("an index of requests is wrong");
		return 0;
	}
	if (n > XENSTORE_RING_SIZE - used)
		n = XENSTORE_RING_SIZE - used;
	if (n > XENSTORE_RING_SIZE - at)
		n = XENSTORE_RING_SIZE - at;
	io_full_barrier(); /* the peer is done with what it gave back */
	memcpy((char *)ring->req + at, data, n);
	io_write_barrier();
	xenstore.req_prod += (XENSTORE_RING_IDX)n;
	ring->req_prod = xenstore.req_prod;
	return n;
}

/* True if the peer has something new to see. */
static bool send_queued(void)
{
	bool any = false;

	while (!xenstore.dead && !list_empty(&xenstore.queued)) {
		struct xenstore_request *r = container_of(
		    xenstore.queued.next, struct xenstore_request, node);
		const char *data;
		size_t n = next_piece(r, &data);

		if (n == 0) {
			list_remove(&r->node);
			list_append(&xenstore.sent, &r->node);
			continue;
		}
		n = put(data, n);
		if (n == 0)
			break;
		r->sent += n;
		any = true;
	}
	return any;
}

/* --- In --- */

/*
 * Takes at most n bytes of the ring; how many.  The peer waits for an event
 * only if it had filled the ring.
 */
static size_t take(char *to, size_t n)
{
	volatile struct xenstore_domain_interface *ring = xenstore.ring;
	XENSTORE_RING_IDX before = xenstore.rsp_cons;
	size_t used = ring->rsp_prod - before;
	size_t at = MASK_XENSTORE_IDX(before);

	if (used > XENSTORE_RING_SIZE) {
		xenstore_die("an index of replies is wrong");
		return 0;
	}
	if (n > used)
		n = used;
	if (n > XENSTORE_RING_SIZE - at)
		n = XENSTORE_RING_SIZE - at;
	if (n == 0)
		return 0;
	io_read_barrier();
	memcpy(to, (const char *)ring->rsp + at, n);
	io_full_barrier();
	xenstore.rsp_cons += (XENSTORE_RING_IDX)n;
	ring->rsp_cons = xenstore.rsp_cons;
	io_full_barrier();
	if (ring->rsp_prod - before >= XENSTORE_RING_SIZE)
		xen_event_send(xenstore.port);
	return n;
}

/* True: a message is whole. */
static bool receive(void)
{
	while (!xenstore.dead) {
		size_t whole = HEADER, n;

		if (xenstore.got >= HEADER) {
			whole += xenstore.header.len;
			if (xenstore.header.len > XENSTORE_PAYLOAD_MAX) {
				xenstore_die("a message is too long");
				return false;
			}
		}
		if (xenstore.got >= HEADER && xenstore.got == whole) {
			xenstore.got = 0;
			xenstore.body[xenstore.header.len] = '\0';
			return true;
		}
		n = xenstore.got < HEADER
			? take((char *)&xenstore.header + xenstore.got,
			       whole - xenstore.got)
			: take(xenstore.body + xenstore.got - HEADER,
			       whole - xenstore.got);
		if (n == 0)
			return false;
		xenstore.got += n;
	}
	return false;
}

/* The number of an error that has a name; 0 if the name has no end. */
static int error_number(const char *name, size_t n)
{
	if (n == 0 || name[n - 1] != '\0')
		return 0;
	for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(*xsd_errors); i++)
		if (strcmp(name, xsd_errors[i].errstring) == 0)
			return xsd_errors[i].errnum;
	return EINVAL;
}

static void take_reply(struct xenstore_request *r)
{
	size_t n = xenstore.header.len;
	int error = 0;

	if (xenstore.header.type == XS_ERROR) {
		error = error_number(xenstore.body, n);
		if (!error)
			xenstore_die("an error has no name");
	} else if (xenstore.header.type != r->type) {
		xenstore_die("a reply is of another type");
	} else if (r->reply_size && n >= r->reply_size) {
		error = ERANGE;
	} else if (r->reply_size) {
		memcpy(r->reply, xenstore.body, n + 1);
		r->reply_length = n;
	}
	if (!xenstore.dead)
		finish(r, -error);
}

static void reply_came(void)
{
	list_for_each(node, &xenstore.sent)
	{
		struct xenstore_request *r =
		    container_of(node, struct xenstore_request, node);

		if (r->header.req_id == xenstore.header.req_id) {
			take_reply(r);
			return;
		}
	}
	xenstore_die("a reply to no request came");
}

/* The watch that an event is for: two strings, its path and its token. */
static struct xenstore_watch *find_watch(void)
{
	size_t n = xenstore.header.len, path = strnlen(xenstore.body, n);
	size_t token =
	    path < n ? strnlen(xenstore.body + path + 1, n - path - 1) : 0;

	if (path >= n || path + 1 + token >= n) {
		xenstore_die("a watch's event has no end");
		return NULL;
	}
	list_for_each(node, &xenstore.watches)
	{
		struct xenstore_watch *w =
		    container_of(node, struct xenstore_watch, node);

		if (strcmp(w->token, xenstore.body + path + 1) == 0)
			return w;
	}
	return NULL; /* it ended meanwhile */
}

/* --- Work --- */

/* Calls what waits for it; the lock is given up meanwhile. */
static void tell(struct xenstore_watch *w)
{
	struct list *node;

	if (w && !xenstore.panicking) {
		xenstore.firing = w;
		xenstore_unlock(0);
		w->changed(w, xenstore.body);
		xenstore_lock();
		xenstore.firing = NULL;
	}
	while ((node = list_pop(&xenstore.finished))) {
		struct xenstore_request *r =
		    container_of(node, struct xenstore_request, node);

		__atomic_store_n(&r->finished, true, __ATOMIC_RELEASE);
		if (xenstore.panicking || !r->done)
			continue;
		xenstore_unlock(0);
		r->done(r);
		xenstore_lock();
	}
}

static void work_locked(void)
{
	struct xenstore_watch *w;
	bool whole;

	do {
		xenstore.again = false;
		if (send_queued())
			xen_event_send(xenstore.port);
		whole = receive();
		w = NULL;
		if (whole && xenstore.header.type == XS_WATCH_EVENT)
			w = find_watch();
		else if (whole)
			reply_came();
		tell(w);
	} while (whole || xenstore.again);
}

void xenstore_work(void)
{
	unsigned long flags = xenstore_lock();
	const char *why = NULL;

	if (xenstore.working) {
		xenstore.again = true;
	} else {
		xenstore.working = true;
		work_locked();
		xenstore.working = false;
		if (xenstore.dead && !xenstore.told && !xenstore.panicking) {
			xenstore.told = true;
			why = xenstore.dead;
		}
	}
	xenstore_unlock(0);
	if (why)
		log_line(LOG_ERROR, "xenstore: %s: it isn't used any more",
			 why);
	irq_restore(flags);
}

void xenstore_poll(const bool *flag, uint64_t ns)
{
	uint64_t deadline = clock_now() + ns;
	unsigned looks = 0;

	for (;;) {
		xenstore_work();
		if (__atomic_load_n(flag, __ATOMIC_ACQUIRE))
			return;
		if (clock_now() >= deadline || ++looks > LOOKS_MAX) {
			xenstore_lock();
			xenstore_die("there is no answer");
			xenstore_unlock(0);
		}
		xen_yield();
	}
}

void xenstore_submit(struct xenstore_request *r)
{
	unsigned long flags;
	size_t n = 0;

	for (unsigned i = 0; i < XENSTORE_PIECES; i++)
		n += r->piece[i].size;
	list_init(&r->node);
	r->sent = r->reply_length = 0;
	r->error = 0;
	r->finished = false;
	flags = xenstore_lock();
	r->header = (struct xsd_sockmsg){.type = r->type,
					 .req_id = ++xenstore.last_id,
					 .tx_id = r->tx_id,
					 .len = (uint32_t)n};
	if (xenstore.dead)
		finish(r, -EIO);
	else if (n > XENSTORE_PAYLOAD_MAX)
		finish(r, -E2BIG);
	else
		list_append(&xenstore.queued, &r->node);
	xenstore_unlock(flags);
	xenstore_work();
}
