/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rpci.c - the message protocol: open a channel, announce a size, send 4 bytes
 * a step, ask for the size of the reply, fetch 4 bytes a step, acknowledge,
 * close.
 *
 * Registers: eax magic; ebx size or data; ecx command, above it the type of
 * step, in return the status; edx port, above it the channel, in return the
 * type of what comes; esi and edi a cookie that open gave.
 */
#include "dev/vmware/rpci.h"

#include "arch/vmware.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

enum step {
	STEP_OPEN,
	STEP_SEND_SIZE,
	STEP_SEND_DATA,
	STEP_RECEIVE_SIZE,
	STEP_RECEIVE_DATA,
	STEP_RECEIVE_STATUS,
	STEP_CLOSE,
};

#define STATUS_SUCCESS 0x0001u
#define STATUS_MESSAGE 0x0002u	  /* there is one to be received */
#define STATUS_CHECKPOINT 0x0010u /* the machine was suspended: again */

/* "RPCI", and that we keep a cookie, which hosts of old don't know. */
#define PROTOCOL 0x49435052u
#define WITH_COOKIE 0x80000000u

/* How often one message is begun anew after checkpoints. */
#define TRIES_MAX 8

struct channel {
	uint32_t id, cookie_high, cookie_low;
};

/* What a step returned. */
struct answer {
	uint32_t status, data, type;
};

static struct answer take_step(struct channel *c, enum step step, uint32_t data)
{
	struct port_registers r = {
	    .eax = VMWARE_MAGIC,
	    .ebx = data,
	    .ecx = VMWARE_MESSAGE | (uint32_t)step << 16,
	    .edx = VMWARE_PORT | c->id << 16,
	    .esi = c->cookie_high,
	    .edi = c->cookie_low,
	};

	port_exchange(&r);
	if (step == STEP_OPEN)
		*c = (struct channel){r.edx >> 16, r.esi, r.edi};
	return (struct answer){r.ecx >> 16, r.ebx, r.edx >> 16};
}

static bool channel_open(struct channel *c)
{
	*c = (struct channel){0};
	if (take_step(c, STEP_OPEN, PROTOCOL | WITH_COOKIE).status &
	    STATUS_SUCCESS)
		return true;
	*c = (struct channel){0};
	return take_step(c, STEP_OPEN, PROTOCOL).status & STATUS_SUCCESS;
}

static void channel_close(struct channel *c)
{
	take_step(c, STEP_CLOSE, 0);
}

/* 0; -EAGAIN: there was a checkpoint; -EIO. */
static int result(struct answer a)
{
	if (a.status & STATUS_SUCCESS)
		return 0;
	return a.status & STATUS_CHECKPOINT ? -EAGAIN : -EIO;
}

static int try_send(struct channel *c, const char *text, size_t n)
{
	int error = result(take_step(c, STEP_SEND_SIZE, (uint32_t)n));

	for (size_t at = 0; !error && at < n; at += 4) {
		uint32_t data = 0;

		memcpy(&data, text + at, n - at < 4 ? n - at : 4);
		error = result(take_step(c, STEP_SEND_DATA, data));
	}
	return error;
}

static long try_receive(struct channel *c, char *to, size_t max)
{
	struct answer a = take_step(c, STEP_RECEIVE_SIZE, 0);
	int error = result(a);
	uint32_t n = a.data;

	if (error)
		return error;
	if (!(a.status & STATUS_MESSAGE) || a.type != STEP_SEND_SIZE)
		return -EIO;
	/* Closing the channel is what tells the host. */
	if (n > max)
		return -EMSGSIZE;
	for (uint32_t at = 0; at < n; at += 4) {
		a = take_step(c, STEP_RECEIVE_DATA, STATUS_SUCCESS);
		error = result(a);
		if (error)
			return error;
		if (a.type != STEP_SEND_DATA)
			return -EIO;
		memcpy(to + at, &a.data, n - at < 4 ? n - at : 4);
	}
	error = result(take_step(c, STEP_RECEIVE_STATUS, STATUS_SUCCESS));
	return error ? error : (long)n;
}

static int send(struct channel *c, const char *text, size_t n)
{
	int error = -EAGAIN;

	for (unsigned i = 0; error == -EAGAIN && i < TRIES_MAX; i++)
		error = try_send(c, text, n);
	return error;
}

static long receive(struct channel *c, char *to, size_t max)
{
	long r = -EAGAIN;

	for (unsigned i = 0; r == -EAGAIN && i < TRIES_MAX; i++)
		r = try_receive(c, to, max);
	return r;
}

long rpci_call(const char *request, size_t n, char *reply, size_t max)
{
	struct channel c;
	long r;

	if (n > RPCI_REQUEST_MAX)
		return -EMSGSIZE;
	if (!channel_open(&c))
		return -ENODEV;
	r = send(&c, request, n);
	if (r == 0)
		r = receive(&c, reply, max);
	channel_close(&c);
	return r == -EAGAIN ? -EIO : r;
}

bool rpci_present(void)
{
	struct channel c;

	if (!vmware_answers() || !channel_open(&c))
		return false;
	channel_close(&c);
	return true;
}

#define LOG_REQUEST "log "
#define LOG_LINE 160

void rpci_log(const char *text, size_t n)
{
	char request[sizeof LOG_REQUEST + LOG_LINE], reply[16];
	const size_t head = sizeof LOG_REQUEST - 1;

	memcpy(request, LOG_REQUEST, head);
	while (n) {
		size_t length = 0, skip;

		while (length < n && length < LOG_LINE && text[length] != '\n')
			length++;
		skip = length + (length < n && text[length] == '\n');
		memcpy(request + head, text, length);
		/* Nothing can be done if it is refused. */
		if (length && rpci_call(request, head + length, reply,
					sizeof reply) == -ENODEV)
			return;
		text += skip;
		n -= skip;
	}
}
