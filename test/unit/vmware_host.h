/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vmware_host.h - the host side of VMware's backdoor for tests: version,
 * rate and time of the machine, and RPCI with the requests info-get, info-set
 * and log (Open VM Tools, lib/message/message.c).  It keeps the protocol, or
 * breaks it where the test says.
 */
#ifndef TEST_VMWARE_HOST_H
#define TEST_VMWARE_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/vmware.h"

#define HOST_CHANNEL 3u
#define HOST_COOKIE_HIGH 0xc0ffee01u
#define HOST_COOKIE_LOW 0xc0ffee02u
#define HOST_VARIABLES 8

enum host_type {
	OPEN,
	SEND_SIZE,
	SEND_DATA,
	RECV_SIZE,
	RECV_DATA,
	RECV_STATUS,
	CLOSE
};

static struct {
	bool absent;	     /* no backdoor: another machine */
	bool no_rpci;	     /* as QEMU's */
	bool no_cookies;     /* as hosts of old */
	unsigned fail_at;    /* the nth step fails; 0: none */
	unsigned checkpoint; /* the nth step meets a checkpoint */
	bool checkpoint_always;
	bool wrong_type; /* what comes is said to be something else */
	bool no_message; /* no reply */
	bool refuse_set;
	uint32_t huge; /* the size of the reply, if not 0 */
	uint64_t hz, seconds;
	uint32_t apic_hz, microseconds;

	/* What it knows. */
	struct {
		const char *name, *value;
		size_t size; /* of value; 0: strlen */
	} variable[HOST_VARIABLES];
	unsigned variables;

	/* What happened. */
	unsigned steps, opened, closed, protocol_errors;
	char log[4096], set_name[128], set_value[128];

	/* The channel. */
	bool open, cookies;
	uint8_t *request, *reply;
	uint32_t request_size, request_at, reply_size, reply_at;
} host;

static inline void host_reset(void)
{
	free(host.request);
	free(host.reply);
	memset(&host, 0, sizeof host);
}

static inline void host_variable(const char *name, const char *value)
{
	host.variable[host.variables].name = name;
	host.variable[host.variables++].value = value;
}

static inline void host_set_reply(const char *head, const char *text, size_t n)
{
	size_t h = strlen(head);

	free(host.reply);
	host.reply = malloc(h + n + 1);
	memcpy(host.reply, head, h);
	if (n)
		memcpy(host.reply + h, text, n);
	host.reply_size = (uint32_t)(h + n);
	host.reply_at = 0;
}

static inline void host_get(const char *name)
{
	for (unsigned i = 0; i < host.variables; i++) {
		const char *value = host.variable[i].value;
		size_t n = host.variable[i].size;

		if (strcmp(host.variable[i].name, name) != 0)
			continue;
		host_set_reply("1 ", value, n ? n : strlen(value));
		return;
	}
	host_set_reply("0 ", "No value found", 14);
}

static inline void host_set(const char *text)
{
	const char *blank = strchr(text, ' ');

	if (!blank || host.refuse_set) {
		host_set_reply("0 ", "No", 2);
		return;
	}
	snprintf(host.set_name, sizeof host.set_name, "%.*s",
		 (int)(blank - text), text);
	snprintf(host.set_value, sizeof host.set_value, "%s", blank + 1);
	host_set_reply("1 ", "", 0);
}

/* The request is whole. */
static inline void host_request(void)
{
	char *text = (char *)host.request;

	text[host.request_size] = '\0';
	if (strncmp(text, "info-get ", 9) == 0) {
		host_get(text + 9);
	} else if (strncmp(text, "info-set ", 9) == 0) {
		host_set(text + 9);
	} else if (strncmp(text, "log ", 4) == 0) {
		strncat(host.log, text + 4,
			sizeof host.log - strlen(host.log) - 2);
		strcat(host.log, "\n");
		host_set_reply("1 ", "", 0);
	} else {
		host_set_reply("0 ", "Unknown command", 15);
	}
}

static inline void host_send_data(uint32_t data)
{
	for (unsigned i = 0; i < 4; i++)
		if (host.request_at < host.request_size)
			host.request[host.request_at++] =
			    (uint8_t)(data >> 8 * i);
	if (host.request_at == host.request_size)
		host_request();
}

static inline uint32_t host_reply_data(void)
{
	uint32_t data = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t byte = 'A';

		if (host.reply_at < host.reply_size)
			byte = host.reply[host.reply_at];
		host.reply_at++;
		data |= byte << 8 * i;
	}
	return data;
}

static inline void host_open(struct port_registers *r)
{
	bool cookies = r->ebx & 0x80000000u;

	if ((r->ebx & 0x7fffffffu) != 0x49435052u)
		host.protocol_errors++;
	if (host.no_rpci || (cookies && host.no_cookies))
		return;
	host.open = true;
	host.opened++;
	host.cookies = cookies;
	r->ecx |= 1u << 16;
	r->edx = (r->edx & 0xffff) | HOST_CHANNEL << 16;
	if (cookies) {
		r->esi = HOST_COOKIE_HIGH;
		r->edi = HOST_COOKIE_LOW;
	}
}

static inline void host_step(struct port_registers *r, unsigned type)
{
	uint32_t status = 1, answer = 0;

	switch (type) {
	case SEND_SIZE:
		host.request_size = r->ebx;
		host.request_at = 0;
		free(host.request);
		host.request = malloc((size_t)host.request_size + 1);
		break;
	case SEND_DATA:
		host_send_data(r->ebx);
		break;
	case RECV_SIZE:
		status |= host.no_message || !host.reply ? 0 : 2;
		r->ebx = host.huge ? host.huge : host.reply_size;
		host.reply_at = 0;
		answer = SEND_SIZE;
		break;
	case RECV_DATA:
		r->ebx = host_reply_data();
		answer = SEND_DATA;
		break;
	case CLOSE:
		host.open = false;
		host.closed++;
		break;
	}
	if (host.wrong_type)
		answer = RECV_STATUS;
	r->ecx = (r->ecx & 0xffff) | status << 16;
	r->edx = (r->edx & 0xffff) | answer << 16;
}

static inline void host_message(struct port_registers *r)
{
	unsigned type = r->ecx >> 16;

	r->ecx &= 0xffff;
	host.steps++;
	if (type == OPEN) {
		host_open(r);
		return;
	}
	if (!host.open || r->edx >> 16 != HOST_CHANNEL ||
	    (host.cookies &&
	     (r->esi != HOST_COOKIE_HIGH || r->edi != HOST_COOKIE_LOW))) {
		host.protocol_errors++;
		return;
	}
	if (type != CLOSE && host.fail_at && host.steps == host.fail_at)
		return;
	if (type != CLOSE &&
	    (host.checkpoint_always || host.steps == host.checkpoint)) {
		r->ecx |= 0x10u << 16;
		return;
	}
	host_step(r, type);
}

void port_exchange(struct port_registers *r)
{
	if ((r->edx & 0xffff) != VMWARE_PORT || r->eax != VMWARE_MAGIC)
		host.protocol_errors++;
	if (host.absent) {
		r->eax = UINT32_MAX;
		return;
	}
	switch (r->ecx & 0xffff) {
	case VMWARE_GET_VERSION:
		r->eax = 6;
		r->ebx = VMWARE_MAGIC;
		break;
	case VMWARE_MESSAGE:
		host_message(r);
		break;
	case VMWARE_GET_HZ:
		r->eax = host.hz ? (uint32_t)host.hz : UINT32_MAX;
		r->ebx = host.hz ? (uint32_t)(host.hz >> 32) : UINT32_MAX;
		r->ecx = host.apic_hz;
		break;
	case VMWARE_GET_TIME:
		r->eax = host.seconds ? VMWARE_MAGIC : UINT32_MAX;
		r->esi = (uint32_t)(host.seconds >> 32);
		r->edx = (uint32_t)host.seconds;
		r->ebx = host.microseconds;
		break;
	default:
		r->eax = UINT32_MAX;
	}
}

#endif
