/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * store_call.c - what can be asked of xenstored (xenstore.txt of Xen's
 * docs/misc), and waiting for the answer.
 */
#include "dev/xen/store_state.h"

#include "core/clock.h"
#include "core/panic.h"
#include "lib/format.h"
#include "lib/string.h"

#define ANSWER_MAX (60 * NS_PER_SEC)
/* A transaction that met with others so often gives up. */
#define TRIES_MAX 100

static struct wait_queue answered = WAIT_QUEUE_INIT(answered);

static void wake(struct xenstore_request *r)
{
	(void)r;
	wait_wake(&answered, WAIT_ALL, 0);
}

static bool is_finished(const struct xenstore_request *r)
{
	return __atomic_load_n(&r->finished, __ATOMIC_ACQUIRE);
}

/* r is whoever's called: until it is finished, it can't be left. */
int xenstore_call(struct xenstore_request *r, uint64_t ns)
{
	unsigned long flags;

	r->done = wake;
	xenstore_submit(r);
	if (!irq_enabled() || !xenstore.started) {
		flags = irq_save();
		xenstore_poll(&r->finished, ns);
		irq_restore(flags);
		return r->error;
	}
	if (wait_until(&answered, is_finished(r), clock_deadline(ns), 0)) {
		flags = xenstore_lock();
		xenstore_die("there is no answer");
		xenstore_unlock(flags);
		xenstore_work();
		wait_until(&answered, is_finished(r), DEADLINE_NEVER, 0);
	}
	return r->error;
}

void xenstore_string(struct xenstore_request *r, unsigned i, const char *text)
{
	r->piece[i] = (struct xenstore_piece){text, strlen(text) + 1};
}

/* In a transaction that a resume ended, -EAGAIN. */
static int call_in(const struct xenstore_tx *tx, struct xenstore_request *r)
{
	if (tx && tx->epoch != xenstore.epoch)
		return -EAGAIN;
	r->tx_id = tx ? tx->id : 0;
	return xenstore_call(r, ANSWER_MAX);
}

static int call_path(const struct xenstore_tx *tx, unsigned type,
		     const char *path)
{
	struct xenstore_request r = {.type = type};

	xenstore_string(&r, 0, path);
	return call_in(tx, &r);
}

long xenstore_read(const struct xenstore_tx *tx, const char *path, char *value,
		   size_t size)
{
	struct xenstore_request r = {
	    .type = XS_READ, .reply = value, .reply_size = size};
	int error;

	if (size == 0)
		return -ERANGE;
	xenstore_string(&r, 0, path);
	error = call_in(tx, &r);
	return error ? error : (long)r.reply_length;
}

int xenstore_write(const struct xenstore_tx *tx, const char *path,
		   const void *value, size_t n)
{
	struct xenstore_request r = {.type = XS_WRITE};

	xenstore_string(&r, 0, path);
	r.piece[1] = (struct xenstore_piece){value, n};
	return call_in(tx, &r);
}

int xenstore_mkdir(const struct xenstore_tx *tx, const char *path)
{
	return call_path(tx, XS_MKDIR, path);
}

int xenstore_remove(const struct xenstore_tx *tx, const char *path)
{
	return call_path(tx, XS_RM, path);
}

long xenstore_domain_path(domid_t domain, char *path, size_t size)
{
	struct xenstore_request r = {
	    .type = XS_GET_DOMAIN_PATH, .reply = path, .reply_size = size};
	char number[8];
	int error;

	if (size == 0)
		return -ERANGE;
	format(number, sizeof(number), "%u", domain);
	xenstore_string(&r, 0, number);
	error = call_in(NULL, &r);
	if (error)
		return error;
	return (long)strlen(path); /* the reply has a NUL of its own */
}

/* --- Lists --- */

/* Names end with a NUL each. */
static long checked(const char *names, size_t n)
{
	return n == 0 || names[n - 1] == '\0' ? (long)n : -EIO;
}

/*
 * One part of a list that is too long for a message, from byte `at` of it: a
 * number that changes with the list, in `version`, and some names; a part with
 * an empty name is the last.  How many bytes of names; 0: none are left;
 * -EAGAIN: the list has changed.
 */
static long list_part(const struct xenstore_tx *tx, const char *path,
		      char *names, size_t size, size_t at, char version[24])
{
	struct xenstore_request r = {
	    .type = XS_DIRECTORY_PART, .reply = names, .reply_size = size};
	char offset[24];
	size_t n;
	int error;

	if (size == 0)
		return -ERANGE;
	xenstore_string(&r, 0, path);
	format(offset, sizeof(offset), "%zu", at);
	xenstore_string(&r, 1, offset);
	error = call_in(tx, &r);
	if (error)
		return error;
	n = strnlen(names, r.reply_length) + 1;
	if (n > r.reply_length || n > 24)
		return -EIO;
	if (at == 0)
		memcpy(version, names, n);
	else if (strcmp(version, names) != 0)
		return -EAGAIN;
	r.reply_length -= n;
	memmove(names, names + n, r.reply_length);
	return checked(names, r.reply_length);
}

static long list_parts(const struct xenstore_tx *tx, const char *path,
		       char *names, size_t size)
{
	char version[24];
	size_t n = 0;
	long part;

	for (unsigned tries = 0; tries < TRIES_MAX;) {
		part = list_part(tx, path, names + n, size - n, n, version);
		if (part == -EAGAIN && n) {
			n = 0;
			tries++;
			continue;
		}
		if (part < 0)
			return part;
		if (part == 0)
			return -EIO;
		n += (size_t)part;
		if (names[n - 1] == '\0' && (n == 1 || names[n - 2] == '\0'))
			return (long)n - 1;
	}
	return -EAGAIN;
}

long xenstore_list(const struct xenstore_tx *tx, const char *path, char *names,
		   size_t size)
{
	struct xenstore_request r = {
	    .type = XS_DIRECTORY, .reply = names, .reply_size = size};
	int error;

	if (size == 0)
		return -ERANGE;
	xenstore_string(&r, 0, path);
	error = call_in(tx, &r);
	if (error == -E2BIG)
		return list_parts(tx, path, names, size);
	return error ? error : checked(names, r.reply_length);
}

/* --- Transactions --- */

int xenstore_begin(struct xenstore_tx *tx)
{
	char text[16];
	const char *at = text;
	struct xenstore_request r = {.type = XS_TRANSACTION_START,
				     .reply = text,
				     .reply_size = sizeof(text)};
	uint64_t id;
	int error;

	tx->epoch = xenstore.epoch;
	r.piece[0] = (struct xenstore_piece){"", 1};
	error = xenstore_call(&r, ANSWER_MAX);
	if (error)
		return error == -ERANGE ? -EIO : error;
	if (!parse_number(&at, 10, &id) || *at || id == 0 || id > UINT32_MAX)
		return -EIO;
	tx->id = (uint32_t)id;
	return 0;
}

int xenstore_end(const struct xenstore_tx *tx, bool commit)
{
	return call_path(tx, XS_TRANSACTION_END, commit ? "T" : "F");
}

int xenstore_transact(int (*fn)(const struct xenstore_tx *tx, void *argument),
		      void *argument)
{
	struct xenstore_tx tx;
	int error = 0;

	for (unsigned i = 0; i < TRIES_MAX; i++) {
		error = xenstore_begin(&tx);
		if (error)
			return error;
		error = fn(&tx, argument);
		if (error)
			xenstore_end(&tx, false);
		else
			error = xenstore_end(&tx, true);
		if (error != -EAGAIN)
			break;
	}
	return error;
}

/* --- Watches --- */

/* From here on events find it: the first may come before the answer. */
static void enlist(struct xenstore_watch *w)
{
	unsigned long flags = xenstore_lock();

	format(w->token, sizeof(w->token), "%x", ++xenstore.last_token);
	list_init(&w->node);
	list_append(&xenstore.watches, &w->node);
	xenstore_unlock(flags);
}

static void request_watch(struct xenstore_request *r, unsigned type,
			  const struct xenstore_watch *w)
{
	*r = (struct xenstore_request){.type = type};
	xenstore_string(r, 0, w->path);
	xenstore_string(r, 1, w->token);
}

static void told(struct xenstore_request *r)
{
	struct xenstore_watch *w =
	    container_of(r, struct xenstore_watch, request);

	/* -EIO: it was told why. */
	if (r->error && r->error != -EIO)
		log_line(LOG_ERROR, "xenstore: %s isn't watched: error %d",
			 w->path, -r->error);
}

void xenstore_watch_again(struct xenstore_watch *w)
{
	request_watch(&w->request, XS_WATCH, w);
	w->request.done = told;
	xenstore_submit(&w->request);
}

void xenstore_watch_soon(struct xenstore_watch *w)
{
	enlist(w);
	xenstore_watch_again(w);
}

static void delist(struct xenstore_watch *w)
{
	unsigned long flags = xenstore_lock();

	list_remove(&w->node);
	xenstore_unlock(flags);
	while (__atomic_load_n(&xenstore.firing, __ATOMIC_ACQUIRE) == w)
		cpu_relax();
}

int xenstore_watch(struct xenstore_watch *w)
{
	struct xenstore_request r;
	int error;

	enlist(w);
	request_watch(&r, XS_WATCH, w);
	error = xenstore_call(&r, ANSWER_MAX);
	if (error)
		delist(w);
	return error;
}

void xenstore_unwatch(struct xenstore_watch *w)
{
	struct xenstore_request r;

	delist(w);
	request_watch(&r, XS_UNWATCH, w);
	xenstore_call(&r, ANSWER_MAX);
}
