/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/io.h on the host: ports are the test's (host.h), registers in memory
 * are those of its memory, aligned as devices want it.
 */
#ifndef ARCH_IO_H
#define ARCH_IO_H

#include <stdint.h>

uint8_t port_in8(uint16_t port);
uint16_t port_in16(uint16_t port);
uint32_t port_in32(uint16_t port);
void port_out8(uint16_t port, uint8_t value);
void port_out16(uint16_t port, uint16_t value);
void port_out32(uint16_t port, uint32_t value);

static inline void io_write_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void io_read_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void io_full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline uint8_t mmio_in8(const volatile void *at)
{
	return *(const volatile uint8_t *)at;
}

static inline uint16_t mmio_in16(const volatile void *at)
{
	return *(const volatile uint16_t *)at;
}

static inline uint32_t mmio_in32(const volatile void *at)
{
	return *(const volatile uint32_t *)at;
}

static inline void mmio_out8(volatile void *at, uint8_t value)
{
	*(volatile uint8_t *)at = value;
}

static inline void mmio_out16(volatile void *at, uint16_t value)
{
	*(volatile uint16_t *)at = value;
}

static inline void mmio_out32(volatile void *at, uint32_t value)
{
	*(volatile uint32_t *)at = value;
}

#endif
