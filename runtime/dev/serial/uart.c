/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * uart.c - 16550 (National Semiconductor PC16550D, "Registers").
 *
 * Output goes out while the transmitter has room; only when it hasn't, its
 * interrupt is switched on and tells the owner.  Input comes by interrupt; when
 * the owner takes no more, the receive interrupt goes off and the FIFO fills,
 * which a hypervisor passes on to its side as "not now".
 */
#include "dev/serial/uart.h"

#include <stdint.h>

#include "arch/io.h"
#include "arch/spin.h"
#include "halvm/abi/errno.h"
#include "platform.h"

enum { /* registers, from the first port on */
       DATA = 0,
       IER = 1, /* interrupt enable */
       IIR = 2, /* interrupt identification; written: FIFO control */
       LCR = 3, /* line control */
       MCR = 4, /* modem control */
       LSR = 5, /* line status */
       MSR = 6, /* modem status */
       SCR = 7, /* scratch */
       DIVISOR_LOW = 0,
       DIVISOR_HIGH = 1, /* with LCR_DLAB */
};

#define IER_RECEIVE 0x01
#define IER_TRANSMIT 0x02
#define IIR_NONE 0x01
#define FCR_ENABLE 0x01
#define FCR_TRIGGER_8 0x80
#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define MCR_DTR_RTS 0x03
#define MCR_OUT2 0x08 /* lets interrupts through on a PC */
#define LSR_DATA 0x01
#define LSR_ROOM 0x20  /* the transmit FIFO is empty */
#define LSR_EMPTY 0x40 /* all is out on the line */

#define FIFO_SIZE 16
/* Interrupts answered in one go; a port that wants more is broken. */
#define ROUNDS_MAX 64
/* Looks at a port that takes nothing, before it is taken for dead: some
 * seconds. */
#define FLUSH_LOOKS_MAX 4000000

struct uart {
	struct console console;
	uint16_t port;
	unsigned irq;
	struct spinlock lock; /* of what follows, and of the registers */
	uint8_t ier;
	bool started, delivering, again;
	size_t held, held_from; /* bytes of `input` not yet taken */
	char input[FIFO_SIZE];
};

static struct uart uart;

static uint8_t in(const struct uart *u, unsigned reg)
{
	return port_in8((uint16_t)(u->port + reg));
}

static void out(const struct uart *u, unsigned reg, uint8_t value)
{
	port_out8((uint16_t)(u->port + reg), value);
}

/* u->lock is held. */
static void set_ier(struct uart *u, uint8_t ier)
{
	if (ier != u->ier)
		out(u, IER, ier);
	u->ier = ier;
}

/* In a panic the holder of the lock may be who panics. */
static unsigned long lock(struct uart *u)
{
	return u->console.panicking ? irq_save() : spin_lock(&u->lock);
}

static void unlock(struct uart *u, unsigned long flags)
{
	if (u->console.panicking)
		irq_restore(flags);
	else
		spin_unlock(&u->lock, flags);
}

static size_t uart_send(struct console *c, const char *text, size_t n)
{
	struct uart *u = c->driver;
	size_t done = 0;
	unsigned long flags = lock(u);

	while (done < n && in(u, LSR) & LSR_ROOM)
		for (unsigned i = 0; i < FIFO_SIZE && done < n; i++)
			out(u, DATA, (uint8_t)text[done++]);
	if (done < n && u->started)
		set_ier(u, u->ier | IER_TRANSMIT);
	unlock(u, flags);
	return done;
}

/* Reads what has come, up to the FIFO's size, if nothing is held. */
static void fill(struct uart *u)
{
	if (u->held)
		return;
	u->held_from = 0;
	while (u->held < FIFO_SIZE && in(u, LSR) & LSR_DATA)
		u->input[u->held++] = (char)in(u, DATA);
}

/*
 * Gives what is held to the owner, as long as there is something and it takes
 * it all; one at a time, so that bytes stay in order.
 */
static void deliver(struct uart *u)
{
	unsigned long flags = spin_lock(&u->lock);
	size_t n, took;

	if (u->delivering || !u->started) {
		u->again = true;
		spin_unlock(&u->lock, flags);
		return;
	}
	u->delivering = true;
	for (;;) {
		u->again = false;
		fill(u);
		n = u->held;
		if (n == 0) {
			set_ier(u, u->ier | IER_RECEIVE);
			break;
		}
		spin_unlock(&u->lock, flags);
		took = u->console.received(u->console.owner,
					   u->input + u->held_from, n);
		flags = spin_lock(&u->lock);
		u->held_from += took;
		u->held -= took;
		if (took < n && !u->again) {
			set_ier(u, u->ier & (uint8_t)~IER_RECEIVE);
			break;
		}
	}
	u->delivering = false;
	spin_unlock(&u->lock, flags);
}

/*
 * ISA lines are edge-triggered: the port must say once that nothing is
 * pending, or no further edge comes.
 */
static void uart_interrupt(void *argument)
{
	struct uart *u = argument;

	for (unsigned i = 0; i < ROUNDS_MAX; i++) {
		unsigned long flags = spin_lock(&u->lock);
		bool room = false;

		if (in(u, IIR) & IIR_NONE) {
			spin_unlock(&u->lock, flags);
			break;
		}
		(void)in(u, MSR);
		if (u->ier & IER_TRANSMIT && in(u, LSR) & LSR_ROOM) {
			set_ier(u, u->ier & (uint8_t)~IER_TRANSMIT);
			room = true;
		}
		spin_unlock(&u->lock, flags);
		deliver(u);
		if (room)
			u->console.writable(u->console.owner);
	}
}

static int uart_start(struct console *c)
{
	struct uart *u = c->driver;
	unsigned long flags;
	int error = platform_irq_attach(u->irq, uart_interrupt, u);

	if (error)
		return error;
	flags = spin_lock(&u->lock);
	u->started = true;
	out(u, MCR, MCR_DTR_RTS | MCR_OUT2);
	set_ier(u, IER_RECEIVE);
	spin_unlock(&u->lock, flags);
	deliver(u);
	return 0;
}

static void uart_resume(struct console *c)
{
	deliver(c->driver);
}

static bool uart_is_idle(struct console *c)
{
	struct uart *u = c->driver;
	unsigned long flags = lock(u);
	bool idle = in(u, LSR) & LSR_ROOM;

	if (!idle && u->started)
		set_ier(u, u->ier | IER_TRANSMIT);
	unlock(u, flags);
	return idle;
}

static void uart_flush(struct console *c)
{
	struct uart *u = c->driver;

	for (unsigned i = 0; i < FLUSH_LOOKS_MAX; i++) {
		if (in(u, LSR) & LSR_EMPTY)
			break;
		cpu_relax();
	}
}

/* A port that isn't there doesn't keep what is written. */
static bool present(const struct uart *u)
{
	static const uint8_t patterns[] = {0x5a, 0xa5};

	for (unsigned i = 0; i < sizeof(patterns); i++) {
		out(u, SCR, patterns[i]);
		if (in(u, SCR) != patterns[i])
			return false;
	}
	return in(u, LSR) != 0xff;
}

struct console *uart_open(const struct bus_device *device)
{
	struct uart *u = &uart;

	if (device->kind != BUS_PORTS || device->base > UINT16_MAX - SCR)
		return NULL;
	u->port = (uint16_t)device->base;
	u->irq = device->irq;
	if (!present(u))
		return NULL;
	out(u, IER, 0);
	/* A byte that came before would be lost by what follows. */
	u->held_from = 0;
	u->held = in(u, LSR) & LSR_DATA ? 1 : 0;
	if (u->held)
		u->input[0] = (char)in(u, DATA);
	out(u, LCR, LCR_DLAB);
	out(u, DIVISOR_LOW, 1); /* 115200 baud */
	out(u, DIVISOR_HIGH, 0);
	out(u, LCR, LCR_8N1);
	out(u, IIR, FCR_ENABLE | FCR_TRIGGER_8);
	out(u, MCR, MCR_DTR_RTS);
	u->console = (struct console){
	    .name = "serial0",
	    .driver = u,
	    .send = uart_send,
	    .start = uart_start,
	    .resume = uart_resume,
	    .flush = uart_flush,
	    .is_idle = uart_is_idle,
	};
	return &u->console;
}
