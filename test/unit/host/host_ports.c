/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_ports.c - I/O ports of unit tests: those of the test (host.h).
 */
#include "arch/io.h"
#include "host.h"

uint32_t (*host_port_in)(uint16_t port, unsigned size);
void (*host_port_out)(uint16_t port, unsigned size, uint32_t value);

static uint32_t in(uint16_t port, unsigned size)
{
	if (!host_port_in)
		host_fail("a port is read, and the test has none");
	return host_port_in(port, size);
}

static void out(uint16_t port, unsigned size, uint32_t value)
{
	if (!host_port_out)
		host_fail("a port is written, and the test has none");
	host_port_out(port, size, value);
}

uint8_t port_in8(uint16_t port)
{
	return (uint8_t)in(port, 1);
}

uint16_t port_in16(uint16_t port)
{
	return (uint16_t)in(port, 2);
}

uint32_t port_in32(uint16_t port)
{
	return in(port, 4);
}

void port_out8(uint16_t port, uint8_t value)
{
	out(port, 1, value);
}

void port_out16(uint16_t port, uint16_t value)
{
	out(port, 2, value);
}

void port_out32(uint16_t port, uint32_t value)
{
	out(port, 4, value);
}
