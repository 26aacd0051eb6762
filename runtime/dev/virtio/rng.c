/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rng.c - virtio entropy device: one buffer, filled when somebody waits.
 */
#include "dev/virtio/rng.h"

#include "arch/spin.h"
#include "core/entropy.h"
#include "core/panic.h"
#include "lib/string.h"

#define QUEUE_REQUEST 0 /* 5.4.2 */
#define QUEUE_SIZE 2
#define BUFFER_SIZE 64
#define BITS_PER_BYTE 8 /* 5.4.6: full entropy is what the device is for */

static struct {
	struct virtio *device;
	uint32_t state;	      /* enum below */
	struct spinlock lock; /* of what follows */
	struct virtq queue;
	struct virtio_space buffer;
} rng;

enum { RNG_FOUND, RNG_STARTING, RNG_WORKS, RNG_FAILED };

static uint32_t state(void)
{
	return __atomic_load_n(&rng.state, __ATOMIC_ACQUIRE);
}

/* The buffer is with the device at most once: its cookie is not needed. */
static void ask(void)
{
	struct virtq_buffer place = {rng.buffer.phys, BUFFER_SIZE};
	unsigned long flags = spin_lock(&rng.lock);

	if (virtq_is_idle(&rng.queue) &&
	    virtq_add(&rng.queue, &place, 0, 1, &rng) == 0 &&
	    virtq_publish(&rng.queue))
		virtio_notify(rng.device, &rng.queue);
	spin_unlock(&rng.lock, flags);
}

static void rng_interrupt(void *argument)
{
	uint8_t bytes[BUFFER_SIZE];
	uint32_t n = 0;
	unsigned long flags;

	(void)argument;
	if (!virtio_acknowledge(rng.device) || state() != RNG_WORKS)
		return;
	flags = spin_lock(&rng.lock);
	if (virtq_take(&rng.queue, &n)) {
		memcpy(bytes, rng.buffer.rest, n);
		memset(rng.buffer.rest, 0, n);
	}
	spin_unlock(&rng.lock, flags);
	if (n)
		entropy_add(bytes, n, n * BITS_PER_BYTE);
}

static bool start(void)
{
	struct virtio *v = rng.device;

	if (virtio_begin(v, 0) == 0 &&
	    virtio_interrupt(v, rng_interrupt, NULL) == 0 &&
	    virtio_queue(v, QUEUE_REQUEST, QUEUE_SIZE, &rng.queue,
			 &rng.buffer) == 0 &&
	    rng.buffer.size >= BUFFER_SIZE) {
		virtio_go(v);
		return true;
	}
	virtio_fail(v);
	log_line(LOG_WARNING, "the random number device doesn't work");
	return false;
}

/* From a thread that waits for entropy. */
static void request(void)
{
	uint32_t found = RNG_FOUND;

	if (__atomic_compare_exchange_n(&rng.state, &found, RNG_STARTING, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		__atomic_store_n(&rng.state, start() ? RNG_WORKS : RNG_FAILED,
				 __ATOMIC_RELEASE);
	if (state() == RNG_WORKS)
		ask();
}

void virtio_rng_open(struct virtio *v)
{
	rng.device = v;
	entropy_set_source(request);
}
