/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * virtio_console.c - virtio console: one port, the first that the device has.
 *
 * Each direction has a page: the queue, and behind it the buffers.  Output is
 * copied to free buffers; only when there is none, interrupts of that queue
 * are asked for.  Input waits in its buffer until the owner takes it; buffers
 * not given back are the device's limit.
 *
 * A device that breaks the rules of its queues is dead: what is sent then is
 * dropped, since nobody would ever take it.
 */
#include "dev/virtio/virtio_console.h"

#include "arch/spin.h"
#include "lib/string.h"

/* 5.3.2: queues of ports 0 and 1, and of control messages */
enum { QUEUE_CONTROL_RECEIVE = 2, QUEUE_CONTROL_TRANSMIT = 3 };
static const unsigned port_queue[] = {0, 4};
#define PORTS 2

#define F_MULTIPORT (1ULL << 1) /* 5.3.3 */

enum control_event { /* 5.3.6.2 */
		     DEVICE_READY = 0,
		     PORT_ADD = 1,
		     PORT_READY = 3,
		     PORT_OPEN = 6,
};

struct control {
	uint32_t id; /* of the port */
	uint16_t event, value;
};

#define BUFFERS 8
/* Of what is left of the page. */
#define BUFFER_SIZE 448
/* Looks at a queue while nothing happens, before the device is dead. */
#define FLUSH_LOOKS_MAX 20000000

struct buffer {
	char *text;
	uint64_t phys;
	struct buffer *next; /* of the free ones */
};

struct port {
	struct virtq queue;
	struct buffer buffers[BUFFERS];
	unsigned count;
};

static struct virtio_console {
	struct console console;
	struct virtio *device;
	struct spinlock lock;	      /* of all that follows */
	struct port ports[PORTS * 2]; /* to us and from us, by turns */
	struct port control_receive, control_transmit;
	struct port *receive, *transmit; /* of the port in use */
	bool multiport, open;		 /* there is a port in use */
	unsigned told;			 /* control messages sent */
	struct buffer *free;		 /* for output */
	struct buffer *held;		 /* input not yet taken by the owner */
	size_t held_from, held_to;	 /* what of it */
	bool started, wants_room, delivering, again;
} the_console;

/* In a panic the holder of the lock may be who panics. */
static unsigned long lock(struct virtio_console *c)
{
	return c->console.panicking ? irq_save() : spin_lock(&c->lock);
}

static void unlock(struct virtio_console *c, unsigned long flags)
{
	if (c->console.panicking)
		irq_restore(flags);
	else
		spin_unlock(&c->lock, flags);
}

static void notify(struct virtio_console *c, struct port *p)
{
	if (virtq_publish(&p->queue))
		virtio_notify(c->device, &p->queue);
}

/* Output buffers the device is done with; returns how many there were. */
static unsigned reclaim(struct virtio_console *c)
{
	struct buffer *b;
	unsigned n = 0;
	uint32_t written;

	while ((b = virtq_take(&c->transmit->queue, &written))) {
		b->next = c->free;
		c->free = b;
		n++;
	}
	return n;
}

/* Fills free buffers with what they hold; returns how many bytes. */
static size_t fill(struct virtio_console *c, const char *text, size_t n)
{
	size_t done = 0;

	while (done < n && c->free) {
		struct buffer *b = c->free;
		size_t some = n - done < BUFFER_SIZE ? n - done : BUFFER_SIZE;
		struct virtq_buffer place = {b->phys, (uint32_t)some};

		memcpy(b->text, text + done, some);
		if (virtq_add(&c->transmit->queue, &place, 1, 0, b))
			break;
		c->free = b->next;
		done += some;
	}
	return done;
}

static bool is_broken(const struct virtio_console *c)
{
	return c->transmit->queue.broken || c->control_receive.queue.broken;
}

static size_t console_send(struct console *console, const char *text, size_t n)
{
	struct virtio_console *c = console->driver;
	unsigned long flags = lock(c);
	size_t done = 0;

	while (c->open) {
		reclaim(c);
		done += fill(c, text + done, n - done);
		notify(c, c->transmit);
		if (done == n || c->transmit->queue.broken)
			break;
		c->wants_room = true;
		if (!virtq_want_interrupts(&c->transmit->queue))
			break;
	}
	if (is_broken(c))
		done = n;
	unlock(c, flags);
	return done;
}

static bool console_is_idle(struct console *console)
{
	struct virtio_console *c = console->driver;
	unsigned long flags = lock(c);
	bool idle;

	do {
		reclaim(c);
		idle = virtq_is_idle(&c->transmit->queue) ||
		       c->transmit->queue.broken;
		c->wants_room = !idle;
	} while (!idle && virtq_want_interrupts(&c->transmit->queue));
	unlock(c, flags);
	return idle;
}

/* Gives an input buffer to the device. */
static void offer(struct port *p, struct buffer *b)
{
	struct virtq_buffer place = {b->phys, BUFFER_SIZE};

	virtq_add(&p->queue, &place, 0, 1, b);
}

static void offer_all(struct virtio_console *c, struct port *p)
{
	for (unsigned i = 0; i < p->count; i++)
		offer(p, &p->buffers[i]);
	notify(c, p);
}

/* A control message; there are few of them: each has a buffer of its own. */
static void tell(struct virtio_console *c, uint32_t id,
		 enum control_event event, uint16_t value)
{
	struct control message = {id, (uint16_t)event, value};
	struct virtq_buffer place = {.size = sizeof(message)};
	struct buffer *b;

	if (c->told == c->control_transmit.count)
		return;
	b = &c->control_transmit.buffers[c->told++];
	memcpy(b->text, &message, sizeof(message));
	place.addr = b->phys;
	virtq_add(&c->control_transmit.queue, &place, 1, 0, b);
	notify(c, &c->control_transmit);
}

/* Port i is the console's from now on. */
static void use_port(struct virtio_console *c, unsigned i)
{
	c->receive = &c->ports[2 * i];
	c->transmit = &c->ports[2 * i + 1];
	c->free = NULL;
	for (unsigned k = 0; k < c->transmit->count; k++) {
		c->transmit->buffers[k].next = c->free;
		c->free = &c->transmit->buffers[k];
	}
	virtq_no_interrupts(&c->transmit->queue);
	c->open = true;
	if (c->started)
		offer_all(c, c->receive);
}

/*
 * What the device tells of its ports: the first one is taken and opened
 * (5.3.6.2).  True: that was now.
 */
static bool listen(struct virtio_console *c)
{
	struct control message;
	struct buffer *b;
	uint32_t written;
	bool opened = false;

	if (!c->multiport)
		return false;
	while ((b = virtq_take(&c->control_receive.queue, &written))) {
		memcpy(&message, b->text, sizeof(message));
		offer(&c->control_receive, b);
		if (written < sizeof(message) || message.event != PORT_ADD ||
		    c->open || message.id >= PORTS ||
		    !c->ports[2 * message.id].count)
			continue;
		use_port(c, message.id);
		tell(c, message.id, PORT_READY, 1);
		tell(c, message.id, PORT_OPEN, 1);
		opened = true;
	}
	notify(c, &c->control_receive);
	return opened;
}

/* Polls until a buffer, or all, came back, as long as something happens. */
static void console_flush(struct console *console)
{
	struct virtio_console *c = console->driver;
	unsigned long flags = lock(c);

	for (unsigned i = 0; i < FLUSH_LOOKS_MAX; i++) {
		if (listen(c) || is_broken(c))
			break;
		if (reclaim(c))
			i = 0;
		if (c->open && virtq_is_idle(&c->transmit->queue))
			break;
		cpu_relax();
	}
	unlock(c, flags);
}

/* Has the next piece of input in `held`; false if there is none. */
static bool next_input(struct virtio_console *c)
{
	uint32_t written;

	if (c->held && c->held_from == c->held_to) {
		offer(c->receive, c->held);
		c->held = NULL;
	}
	while (!c->held) {
		struct buffer *b = virtq_take(&c->receive->queue, &written);

		if (!b)
			return false;
		if (written == 0) {
			offer(c->receive, b);
			continue;
		}
		c->held = b;
		c->held_from = 0;
		c->held_to = written; /* <= BUFFER_SIZE: ring.c */
	}
	return true;
}

/* As uart.c's: one at a time gives the owner what it takes. */
static void deliver(struct virtio_console *c)
{
	unsigned long flags = spin_lock(&c->lock);
	size_t n, took;

	if (c->delivering || !c->started) {
		c->again = true;
		spin_unlock(&c->lock, flags);
		return;
	}
	c->delivering = true;
	do {
		c->again = false;
		if (!next_input(c))
			continue;
		n = c->held_to - c->held_from;
		spin_unlock(&c->lock, flags);
		took = c->console.received(c->console.owner,
					   c->held->text + c->held_from, n);
		flags = spin_lock(&c->lock);
		c->held_from += took;
		if (took == n)
			c->again = true;
	} while (c->again);
	notify(c, c->receive);
	c->delivering = false;
	spin_unlock(&c->lock, flags);
}

static void console_interrupt(void *argument)
{
	struct virtio_console *c = argument;
	unsigned long flags;
	bool opened;
	bool room;

	if (!virtio_acknowledge(c->device))
		return;
	flags = spin_lock(&c->lock);
	opened = listen(c);
	room = c->wants_room && reclaim(c) != 0;
	if (room) {
		c->wants_room = false;
		virtq_no_interrupts(&c->transmit->queue);
	}
	spin_unlock(&c->lock, flags);
	deliver(c);
	if ((room || opened) && c->started)
		c->console.writable(c->console.owner);
}

static int console_start(struct console *console)
{
	struct virtio_console *c = console->driver;
	unsigned long flags = spin_lock(&c->lock);

	c->started = true;
	if (c->open)
		offer_all(c, c->receive);
	spin_unlock(&c->lock, flags);
	return 0;
}

static void console_resume(struct console *console)
{
	deliver(console->driver);
}

/* A queue and its buffers. */
static int set_up(struct virtio_console *c, struct port *p, unsigned index)
{
	struct virtio_space space;
	int error = virtio_queue(c->device, index, BUFFERS, &p->queue, &space);

	if (error)
		return error;
	while (p->count < p->queue.size && space.size >= BUFFER_SIZE) {
		p->buffers[p->count++] =
		    (struct buffer){.text = space.rest, .phys = space.phys};
		space.rest += BUFFER_SIZE;
		space.phys += BUFFER_SIZE;
		space.size -= BUFFER_SIZE;
	}
	return 0;
}

static int set_up_all(struct virtio_console *c)
{
	int error = 0;

	for (unsigned i = 0; i < (c->multiport ? PORTS : 1) && !error; i++) {
		error = set_up(c, &c->ports[2 * i], port_queue[i]);
		if (!error)
			error =
			    set_up(c, &c->ports[2 * i + 1], port_queue[i] + 1);
	}
	if (!error && c->multiport)
		error = set_up(c, &c->control_receive, QUEUE_CONTROL_RECEIVE);
	if (!error && c->multiport)
		error = set_up(c, &c->control_transmit, QUEUE_CONTROL_TRANSMIT);
	return error;
}

struct console *virtio_console_open(struct virtio *v)
{
	struct virtio_console *c = &the_console;

	c->device = v;
	c->console = (struct console){
	    .name = "virtio0",
	    .driver = c,
	    .send = console_send,
	    .start = console_start,
	    .resume = console_resume,
	    .flush = console_flush,
	    .is_idle = console_is_idle,
	};
	c->receive = &c->ports[0];
	c->transmit = &c->ports[1];
	if (virtio_begin(v, F_MULTIPORT))
		return NULL;
	c->multiport = v->features & F_MULTIPORT;
	if (virtio_interrupt(v, console_interrupt, c) || set_up_all(c)) {
		virtio_fail(v);
		return NULL;
	}
	virtio_go(v);
	if (!c->multiport) {
		use_port(c, 0);
		return &c->console;
	}
	offer_all(c, &c->control_receive);
	tell(c, 0, DEVICE_READY, 1);
	return &c->console;
}
