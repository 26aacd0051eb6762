/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * entropy.c - random numbers (entropy.h).
 *
 * What comes in is mixed into the pool, 256 bits, by the one-way function
 * pool' = ChaCha20(pool ^ data).  When data worth 256 bits have come, they go
 * to the output's key all at once, so that somebody who sees outputs never
 * finds few new bits to guess; what insecure readers got earlier doesn't
 * count.  Each read takes a key of its own from the output's key, which is
 * replaced by the same step: what is known later tells nothing about it ("fast
 * key erasure").
 *
 * Nothing is done before the first read.  Then the processor's generator is
 * asked: RDSEED for full bits, else RDRAND, at half of what it claims.  Without
 * them a device is asked, and while somebody waits the times of wakeups are
 * mixed, at one bit each if they vary in the third difference.
 */
#include "arch/cpu.h"
#include "arch/spin.h"
#include "core/chacha.h"
#include "core/clock.h"
#include "core/entropy.h"
#include "core/panic.h"
#include "core/wait.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

#define BITS 256
#define KEY_SIZE (CHACHA_KEY_WORDS * sizeof(uint32_t))
#define BLOCK_SIZE (CHACHA_BLOCK_WORDS * sizeof(uint32_t))

/* CPUID (Intel SDM vol. 1, 7.3.17): leaf 1 ECX, leaf 7 EBX. */
#define CPUID_RDRAND (1U << 30)
#define CPUID_RDSEED (1U << 18)
/* Intel SDM vol. 1, 7.3.17.1: RDRAND; RDSEED may need many more. */
#define RDRAND_TRIES 10
#define RDSEED_TRIES 100
#define RDRAND_WORDS 8 /* at 32 bits each */
#define RDSEED_WORDS 4 /* at 64 bits each */

#define JITTER_STEP 1000000UL	/* ns between wakeups of who waits */
#define WARN_AFTER 2000000000UL /* ns */

static struct {
	struct spinlock lock;
	struct wait_queue waiting;
	bool started, ready;
	unsigned bits; /* worth of what is in the pool and nowhere else */
	uint32_t pool[CHACHA_KEY_WORDS];
	uint32_t key[CHACHA_KEY_WORDS];
	void (*request)(void);
} rng = {.lock = SPINLOCK_INIT, .waiting = WAIT_QUEUE_INIT(rng.waiting)};

/* What a block is for. */
static const uint32_t nonce_mix[3] = {1}, nonce_extract[3] = {2},
		      nonce_output[3] = {3}, nonce_stream[3] = {4};

static void wipe(void *p, size_t n)
{
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

/* The lock is held, here and in what follows. */
static void mix_in(const uint8_t *data, size_t n)
{
	uint32_t chunk[CHACHA_KEY_WORDS], block[CHACHA_BLOCK_WORDS];

	for (size_t done = 0; done < n;) {
		size_t part = n - done < KEY_SIZE ? n - done : KEY_SIZE;

		memset(chunk, 0, sizeof chunk);
		memcpy(chunk, data + done, part);
		for (unsigned i = 0; i < CHACHA_KEY_WORDS; i++)
			rng.pool[i] ^= chunk[i];
		chacha_block(block, rng.pool, (uint32_t)part, nonce_mix);
		memcpy(rng.pool, block, KEY_SIZE);
		done += part;
	}
	wipe(chunk, sizeof chunk);
	wipe(block, sizeof block);
}

/* The pool's content changes the output's key. */
static void extract(void)
{
	uint32_t block[CHACHA_BLOCK_WORDS];

	chacha_block(block, rng.pool, 0, nonce_extract);
	memcpy(rng.pool, block, KEY_SIZE);
	for (unsigned i = 0; i < CHACHA_KEY_WORDS; i++)
		rng.key[i] ^= block[CHACHA_KEY_WORDS + i];
	rng.bits = 0;
	wipe(block, sizeof block);
}

/* True if this made the generator ready. */
static bool credit(unsigned bits)
{
	rng.bits += bits < BITS ? bits : BITS;
	if (rng.bits < BITS)
		return false;
	extract();
	if (rng.ready)
		return false;
	__atomic_store_n(&rng.ready, true, __ATOMIC_RELEASE);
	return true;
}

void entropy_add(const void *data, size_t n, unsigned bits)
{
	unsigned long flags = spin_lock(&rng.lock);
	bool now_ready;

	mix_in(data, n);
	now_ready = credit(bits);
	spin_unlock(&rng.lock, flags);
	if (now_ready)
		wait_wake(&rng.waiting, WAIT_ALL, 0);
}

/* --- the processor's generator --- */

static bool rdrand(uint64_t *word)
{
	bool good;

	for (unsigned i = 0; i < RDRAND_TRIES; i++) {
		__asm__ volatile("rdrand %0" : "=r"(*word), "=@ccc"(good));
		if (good)
			return true;
	}
	return false;
}

static bool rdseed(uint64_t *word)
{
	bool good;

	for (unsigned i = 0; i < RDSEED_TRIES; i++) {
		__asm__ volatile("rdseed %0" : "=r"(*word), "=@ccc"(good));
		if (good)
			return true;
		cpu_relax();
	}
	return false;
}

/*
 * Processors are known whose generator says "good" and always returns the same
 * word, mostly all ones.
 */
static bool is_healthy(const uint64_t *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (words[i] == 0 || words[i] == UINT64_MAX)
			return false;
		for (unsigned j = 0; j < i; j++)
			if (words[i] == words[j])
				return false;
	}
	return true;
}

static bool take_words(bool (*next)(uint64_t *), unsigned n, unsigned bits)
{
	uint64_t words[RDRAND_WORDS];
	bool good = true;

	for (unsigned i = 0; i < n && good; i++)
		good = next(&words[i]);
	if (good && is_healthy(words, n))
		entropy_add(words, n * sizeof words[0], bits);
	else
		good = false;
	wipe(words, sizeof words);
	return good;
}

static void ask_processor(void)
{
	struct cpuid top = cpu_id(0, 0);

	if (top.eax >= 7 && (cpu_id(7, 0).ebx & CPUID_RDSEED) &&
	    take_words(rdseed, RDSEED_WORDS, BITS))
		return;
	if (cpu_id(1, 0).ecx & CPUID_RDRAND)
		take_words(rdrand, RDRAND_WORDS, BITS);
}

static void add_raw(const uint64_t facts[4])
{
	unsigned long flags = spin_lock(&rng.lock);
	uint32_t words[CHACHA_KEY_WORDS];

	memcpy(words, facts, sizeof words);
	for (unsigned i = 0; i < CHACHA_KEY_WORDS; i++)
		rng.pool[i] ^= words[i];
	spin_unlock(&rng.lock, flags);
}

void entropy_init(void)
{
	uint64_t facts[4] = {cpu_tsc(), clock_now(), clock_wall(),
			     (uintptr_t)facts};

	if (__atomic_exchange_n(&rng.started, true, __ATOMIC_ACQ_REL))
		return;
	/* No need to mix: what follows does. */
	add_raw(facts);
	ask_processor();
}

/* --- reading --- */

bool entropy_ready(void)
{
	return __atomic_load_n(&rng.ready, __ATOMIC_ACQUIRE);
}

void entropy_set_source(void (*request)(void))
{
	__atomic_store_n(&rng.request, request, __ATOMIC_RELEASE);
}

/* A key for one read; the output's key is then another. */
static void take_key(uint32_t key[CHACHA_KEY_WORDS])
{
	uint32_t block[CHACHA_BLOCK_WORDS];
	unsigned long flags = spin_lock(&rng.lock);

	if (!rng.ready)
		extract();
	chacha_block(block, rng.key, 0, nonce_output);
	memcpy(rng.key, block, KEY_SIZE);
	memcpy(key, block + CHACHA_KEY_WORDS, KEY_SIZE);
	spin_unlock(&rng.lock, flags);
	wipe(block, sizeof block);
}

/*
 * A few bytes before anybody asked for more: the processor's own generator will
 * do, and saves each start of a machine some ten thousand instructions.
 */
static bool read_early(void *buf, size_t n)
{
	uint64_t words[2];
	bool good;

	if (n > sizeof words ||
	    __atomic_load_n(&rng.started, __ATOMIC_ACQUIRE) ||
	    !(cpu_id(1, 0).ecx & CPUID_RDRAND))
		return false;
	good = rdrand(&words[0]) && rdrand(&words[1]) && is_healthy(words, 2);
	if (good)
		memcpy(buf, words, n);
	wipe(words, sizeof words);
	return good;
}

void entropy_read_insecure(void *buf, size_t n)
{
	uint32_t key[CHACHA_KEY_WORDS], block[CHACHA_BLOCK_WORDS];
	uint8_t *to = buf;

	if (read_early(buf, n))
		return;
	entropy_init();
	take_key(key);
	if (n <= sizeof key) {
		memcpy(buf, key, n); /* which is that many random bytes */
		n = 0;
	}
	for (uint32_t counter = 0; n; counter++) {
		size_t part = n < BLOCK_SIZE ? n : BLOCK_SIZE;

		chacha_block(block, key, counter, nonce_stream);
		memcpy(to, block, part);
		to += part;
		n -= part;
	}
	wipe(key, sizeof key);
	wipe(block, sizeof block);
}

/* Whether times of wakeups vary: the smallest of three differences. */
struct jitter {
	uint64_t time, first, second;
};

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static void add_jitter(struct jitter *j)
{
	uint64_t now = cpu_tsc(), first = now - j->time;
	uint64_t second = distance(first, j->first);
	uint64_t third = distance(second, j->second);

	*j = (struct jitter){now, first, second};
	entropy_add(&now, sizeof now, first && second && third ? 1 : 0);
}

static int wait_ready(void)
{
	uint64_t start = clock_now();
	struct jitter j = {.time = 0};
	bool warned = false;
	int error = 0;

	while (!entropy_ready() && error != -EINTR) {
		void (*request)(void) =
		    __atomic_load_n(&rng.request, __ATOMIC_ACQUIRE);

		if (request)
			request();
		error =
		    wait_until(&rng.waiting, entropy_ready(),
			       clock_now() + JITTER_STEP, SLEEP_INTERRUPTIBLE);
		if (error == -ETIMEDOUT)
			add_jitter(&j);
		if (!warned && clock_now() - start > WARN_AFTER) {
			warned = true;
			log_line(LOG_WARNING,
				 "no source of random numbers (RDRAND, "
				 "virtio-rng); a program waits for some");
		}
	}
	return entropy_ready() ? 0 : -ERESTARTSYS;
}

int entropy_read(void *buf, size_t n, bool wait)
{
	int error;

	entropy_init();
	if (!entropy_ready()) {
		if (!wait)
			return -EAGAIN;
		error = wait_ready();
		if (error)
			return error;
	}
	entropy_read_insecure(buf, n);
	return 0;
}
