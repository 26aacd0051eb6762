/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * guestinfo.c - the requests "info-get" and "info-set".
 */
#include "dev/vmware/guestinfo.h"

#include "core/heap.h"
#include "dev/vmware/rpci.h"
#include "halvm/abi/errno.h"
#include "lib/format.h"
#include "lib/string.h"

#define PREFIX "guestinfo.halvm."
#define GET "info-get "
#define SET "info-set " PREFIX

/* A reply: '1' or '0', a blank, and what it says. */
#define REPLY_HEAD 2
#define REPLY_DONE '1'
#define REPLY_REFUSED '0'

/* Its text, NUL-terminated, in memory of its own. */
static char *text_of(const char *reply, size_t n)
{
	size_t length = 0;
	char *text;

	if (n > REPLY_HEAD)
		length = strnlen(reply + REPLY_HEAD, n - REPLY_HEAD);
	text = heap_alloc(length + 1);
	if (!text)
		return NULL;
	if (length)
		memcpy(text, reply + REPLY_HEAD, length);
	text[length] = '\0';
	return text;
}

static int get(const char *prefix, const char *name, char **value)
{
	const size_t max = REPLY_HEAD + GUESTINFO_MAX;
	char request[sizeof GET + sizeof PREFIX + GUESTINFO_NAME_MAX];
	size_t size = format(request, sizeof request, GET "%s%s", prefix, name);
	char *reply;
	long n;

	*value = NULL;
	if (size >= sizeof request)
		return -EMSGSIZE;
	reply = heap_alloc(max);
	if (!reply)
		return -ENOMEM;
	n = rpci_call(request, size, reply, max);
	/* Refused is what an unknown name is: "0 No value found". */
	if (n > 0 && reply[0] == REPLY_DONE) {
		*value = text_of(reply, (size_t)n);
		n = *value ? 0 : -ENOMEM;
	} else if (n >= 0) {
		n = n > 0 && reply[0] == REPLY_REFUSED ? 0 : -EIO;
	}
	heap_free(reply);
	return (int)n;
}

int guestinfo_get(const char *name, char **value)
{
	return get(PREFIX, name, value);
}

int guestinfo_get_ovf(char **document)
{
	return get("guestinfo.", "ovfEnv", document);
}

int guestinfo_set(const char *name, const char *value)
{
	char request[sizeof SET + GUESTINFO_NAME_MAX + 32], reply[32];
	size_t size = format(request, sizeof request, SET "%s %s", name, value);
	long n;

	if (size >= sizeof request)
		return -EMSGSIZE;
	n = rpci_call(request, size, reply, sizeof reply);
	if (n < 0)
		return (int)n;
	return n > 0 && reply[0] == REPLY_DONE ? 0 : -EIO;
}
