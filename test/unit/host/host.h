/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host.h - the architecture and the platform that core, io and lib run on in
 * unit tests.
 *
 * One CPU; threads are contexts of ucontext(3), so a test is deterministic.
 * Time stands still unless the test moves it or all threads sleep.  heap.h is
 * malloc, for the sanitizers' sake (host_heap.c); link the archive with the
 * real heap before this one to have that instead.
 */
#ifndef TEST_HOST_H
#define TEST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* platform_clock() and platform_wall_offset(); set them as you like. */
extern uint64_t host_clock;
extern uint64_t host_wall_offset;

/* What platform_timer_arm set last. */
extern uint64_t host_timer;
/* How often it was set. */
extern unsigned host_timer_arms;

/* Later by ns, with all the timer's interrupts on the way. */
void host_advance(uint64_t ns);

/*
 * An interrupt whose handler is fn.  Runs now if interrupts are on, else when
 * they are switched on; then trap.h's `leave` is called.
 */
void host_raise(void (*fn)(void *), void *argument);
/* That of platform_irq_attach. */
void host_raise_irq(unsigned irq);
/* What a device writes to raise an interrupt of platform_msi_attach. */
void host_raise_message(uint64_t address, uint32_t data);
/* platform_msi_attach gives so many more, then -ENOSPC. */
extern unsigned host_messages_left;
/* Takes back what platform_irq_attach and platform_msi_attach gave. */
void host_forget_interrupts(void);

/* I/O ports, size 1, 2 or 4: an access without them fails the test. */
extern uint32_t (*host_port_in)(uint16_t port, unsigned size);
extern void (*host_port_out)(uint16_t port, unsigned size, uint32_t value);

/* page_map_device; NULL (the default): it has no memory for tables. */
extern volatile void *(*host_device)(uint64_t phys, size_t size);

/*
 * thread_init(), and the hooks of timer and threads: the test's flow of
 * control is a thread from here on (host_threads.c).
 */
void host_threads_start(void);

/* Makes a thread that runs fn(argument), which must not return. */
struct thread *host_thread(void (*fn)(void *), void *argument);

/* user.h answers -EFAULT for [p, p + n); n = 0 ends that. */
void host_bad_range(const void *p, size_t n);

/* heap_alloc fails after so many more successes; negative: never. */
extern long host_heap_limit;
/* Objects of the heap that are in use. */
extern long host_heap_objects;

/* platform_shutdown exits with status, or calls this if set. */
extern void (*host_shutdown)(int reason, int status);

/*
 * The address that interrupted code of the program seems to be at, and the
 * bytes of stack that its handlers' frames find.  host_continue goes on where
 * a frame says until that is HOST_RIP again: calls handlers.
 */
#define HOST_RIP 0x1000UL
#define HOST_USER_STACK 16384
struct trap_frame;
void host_continue(struct trap_frame *frame);

/* Ends the test as failed. */
_Noreturn void host_fail(const char *why);

#endif
