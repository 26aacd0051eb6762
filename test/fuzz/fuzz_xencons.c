/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of Xen's console ring (dev/xen/xen_console.c) against a hostile peer:
 * the input says by turns what the driver is asked for and which bytes of the
 * shared page the peer writes.  Whatever it does, the driver stays within the
 * ring, ends, and says of no byte twice that it took it.
 */
#include <stdlib.h>
#include <string.h>

#include "dev/xen/xen_console.h"
#include "xen_machine.h"

enum {
	SEND,
	INTERRUPT,
	RESUME,
	FLUSH,
	IDLE,
	INDEX,
	MOVE_OUT,
	MOVE_IN,
	ACTIONS
};

static struct console *console;
static size_t room;

static size_t on_received(void *owner, const char *text, size_t n)
{
	static volatile char sink;

	(void)owner;
	if (n == 0)
		abort();
	for (size_t i = 0; i < n; i++)
		sink = text[i];
	(void)sink;
	if (n > room)
		n = room;
	room -= n;
	return n;
}

static void on_writable(void *owner)
{
	(void)owner;
}

static void send_some(size_t n)
{
	static char text[4096];
	size_t took = console->send(console, text, n);

	if (took > n)
		abort();
}

/* Time flies, or waiting for a dead peer would take long. */
static void on_yield(void)
{
	host_clock += 3000000000;
}

static void start(void)
{
	if (!xen.console_port)
		xen.console_port = xen_tool_port(NULL);
	xen.yielded = on_yield;
	platform_irq_detach(xen.console_port);
	memset(&xen.console, 0, sizeof(xen.console));
	room = 0;
	console = xen_console_open();
	if (!console)
		abort();
	console->received = on_received;
	console->writable = on_writable;
	if (console->start(console))
		abort();
	xen_live(xen.console_port);
}

static void set_index(uint8_t which, uint8_t value)
{
	XENCONS_RING_IDX *index[] = {&xen.console.in_cons, &xen.console.in_prod,
				     &xen.console.out_cons,
				     &xen.console.out_prod};

	((uint8_t *)index[which & 3])[which >> 2 & 3] = value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	irq_enable();
	start();
	for (; size >= 3; data += 3, size -= 3) {
		size_t n = data[1] * 16U + data[2];

		switch (data[0] % ACTIONS) {
		case SEND:
			send_some(n);
			break;
		case INTERRUPT:
			room += n;
			xen_raise(xen.console_port);
			break;
		case RESUME:
			room += n;
			console->resume(console);
			break;
		case FLUSH:
			console->panicking = data[1] & 1;
			console->flush(console);
			console->panicking = false;
			break;
		case IDLE:
			console->is_idle(console);
			break;
		case INDEX:
			set_index(data[1], data[2]);
			break;
		case MOVE_OUT:
			xen.console.out_cons += (XENCONS_RING_IDX)n;
			break;
		case MOVE_IN:
			xen.console.in_prod += (XENCONS_RING_IDX)n;
			break;
		}
	}
	return 0;
}
