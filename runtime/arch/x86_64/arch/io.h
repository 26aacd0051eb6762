/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/io.h - I/O ports, and barriers between memory and devices.
 *
 * Ports are a second address space of 64 KiB (Intel SDM vol. 1, 19).  The
 * asm statements are volatile and clobber memory, so the compiler keeps them
 * in order with all other accesses.
 */
#ifndef ARCH_IO_H
#define ARCH_IO_H

#include <stdint.h>

static inline uint8_t port_in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint16_t port_in16(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint32_t port_in32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline void port_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

/*
 * Barriers for memory that a device reads and writes as another processor
 * would: x86 keeps stores in order and loads in order (Intel SDM vol. 3,
 * 9.2.2), so two of them only hold the compiler.
 */
static inline void io_write_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

static inline void io_read_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

/* Earlier stores are seen before later loads are made. */
static inline void io_full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* A register of a device: one access of its own width. */
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
