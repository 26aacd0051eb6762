/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_platform.c - the platform of unit tests: a clock that the test moves, a
 * timer, interrupt lines, and memory of the program with holes (host.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arch/cpu.h"
#include "arch/user.h"
#include "halvm/abi/errno.h"
#include "host.h"
#include "platform.h"

#define IRQS 32
/* Messages: where they are written to, and the first one's data. */
#define MESSAGES 32
#define MESSAGE_ADDRESS 0xfee00000UL
#define MESSAGE_FIRST 0x20

/* As arch/page.h of x86-64. */
#define LOWEST 0x1000UL
#define HIGHEST 0x7ffffffff000UL

uint64_t host_clock = 1000000;
uint64_t host_wall_offset = 1700000000UL * 1000000000UL;
uint64_t host_timer = UINT64_MAX;
unsigned host_timer_arms;
struct cpuid (*host_cpuid)(uint32_t leaf, uint32_t subleaf);
void (*host_shutdown)(int reason, int status);

static void (*on_timer_fn)(void);
static struct {
	void (*fn)(void *);
	void *argument;
} irqs[IRQS], messages[MESSAGES];

unsigned host_messages_left = MESSAGES;
static uintptr_t bad_start, bad_end;

uint64_t cpu_tsc(void)
{
	return host_clock;
}

void platform_init(const struct boot_info *info, void (*on_timer)(void))
{
	(void)info;
	on_timer_fn = on_timer;
}

uint64_t platform_clock(void)
{
	return host_clock;
}

uint64_t platform_wall_offset(void)
{
	return host_wall_offset;
}

void platform_timer_arm(uint64_t deadline)
{
	if (irq_enabled())
		host_fail("platform_timer_arm with interrupts on");
	host_timer = deadline;
	host_timer_arms++;
}

static void timer_handler(void *argument)
{
	(void)argument;
	if (on_timer_fn)
		on_timer_fn();
}

void host_advance(uint64_t ns)
{
	uint64_t end = host_clock + ns;

	while (host_timer <= end) {
		if (host_timer > host_clock)
			host_clock = host_timer;
		host_timer = UINT64_MAX;
		host_raise(timer_handler, NULL);
		if (!irq_enabled())
			break; /* queued: the clock waits for it */
	}
	if (host_clock < end)
		host_clock = end;
}

int platform_irq_attach(unsigned irq, void (*fn)(void *), void *argument)
{
	if (irq >= IRQS)
		return -EINVAL;
	irqs[irq].fn = fn;
	irqs[irq].argument = argument;
	return 0;
}

void platform_irq_detach(unsigned irq)
{
	if (irq < IRQS)
		irqs[irq].fn = NULL;
}

void host_raise_irq(unsigned irq)
{
	if (irq >= IRQS || !irqs[irq].fn)
		host_fail("an interrupt without a handler");
	host_raise(irqs[irq].fn, irqs[irq].argument);
}

int platform_msi_attach(void (*fn)(void *), void *argument, uint64_t *address,
			uint32_t *data)
{
	uint32_t n = 0;

	while (n < MESSAGES && messages[n].fn)
		n++;
	if (n == MESSAGES || !host_messages_left)
		return -ENOSPC;
	host_messages_left--;
	messages[n].fn = fn;
	messages[n].argument = argument;
	*address = MESSAGE_ADDRESS;
	*data = MESSAGE_FIRST + n;
	return 0;
}

void host_forget_interrupts(void)
{
	memset(irqs, 0, sizeof(irqs));
	memset(messages, 0, sizeof(messages));
	host_messages_left = MESSAGES;
}

void host_raise_message(uint64_t address, uint32_t data)
{
	uint32_t n = data - MESSAGE_FIRST;

	if (address != MESSAGE_ADDRESS || n >= MESSAGES || !messages[n].fn)
		host_fail("a message without a handler");
	host_raise(messages[n].fn, messages[n].argument);
}

void platform_log(const char *text, size_t length)
{
	fwrite(text, 1, length, stderr);
}

void platform_shutdown(enum shutdown_reason reason, int status)
{
	if (host_shutdown)
		host_shutdown((int)reason, status);
	fflush(stdout);
	exit(status);
}

/* --- arch/user.h --- */

void host_bad_range(const void *p, size_t n)
{
	bad_start = (uintptr_t)p;
	bad_end = bad_start + n;
}

static bool bad(const void *p, size_t n)
{
	uintptr_t a = (uintptr_t)p;

	if (n == 0)
		return false;
	if (a < LOWEST || a >= HIGHEST || n > HIGHEST - a)
		return true;
	return a < bad_end && a + n > bad_start;
}

int user_read(void *to, const void *from_user, size_t n)
{
	if (bad(from_user, n))
		return -EFAULT;
	memcpy(to, from_user, n);
	return 0;
}

int user_write(void *to_user, const void *from, size_t n)
{
	if (bad(to_user, n))
		return -EFAULT;
	memcpy(to_user, from, n);
	return 0;
}

int user_zero(void *to_user, size_t n)
{
	if (bad(to_user, n))
		return -EFAULT;
	memset(to_user, 0, n);
	return 0;
}

long user_read_string(char *to, const char *from_user, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bad(from_user + i, 1))
			return -EFAULT;
		to[i] = from_user[i];
		if (to[i] == '\0')
			return (long)i;
	}
	return -ENAMETOOLONG;
}

int user_load32(const uint32_t *from_user, uint32_t *value)
{
	if (bad(from_user, sizeof *value))
		return -EFAULT;
	*value = __atomic_load_n(from_user, __ATOMIC_SEQ_CST);
	return 0;
}

int user_store32(uint32_t *to_user, uint32_t value)
{
	if (bad(to_user, sizeof value))
		return -EFAULT;
	__atomic_store_n(to_user, value, __ATOMIC_SEQ_CST);
	return 0;
}

int user_exchange32(uint32_t *at_user, uint32_t *expected, uint32_t desired)
{
	if (bad(at_user, sizeof desired))
		return -EFAULT;
	__atomic_compare_exchange_n(at_user, expected, desired, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return 0;
}
