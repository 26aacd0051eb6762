/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_entropy.c - ChaCha20 and the random number generator
 * (core/entropy.h) on a processor without one of its own.
 */
#include <string.h>
#include "check.h"
#include "core/chacha.h"
#include "core/entropy.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "host.h"

/* RFC 8439, 2.3.2 */
static void test_block(void)
{
	static const uint32_t want[CHACHA_BLOCK_WORDS] = {
	    0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3,
	    0xc7f4d1c7, 0x0368c033, 0x9aaa2204, 0x4e6cd4c3,
	    0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
	    0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
	};
	static const uint32_t nonce[3] = {0x09000000, 0x4a000000, 0};
	uint32_t key[CHACHA_KEY_WORDS], out[CHACHA_BLOCK_WORDS];
	unsigned char bytes[sizeof key];

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)i;
	memcpy(key, bytes, sizeof key);
	chacha_block(out, key, 1, nonce);
	check(memcmp(out, want, sizeof want) == 0, "RFC 8439, 2.3.2");
}

/* RFC 8439, appendix A.1, vectors 1, 2 and 4: the first words. */
static void test_vectors(void)
{
	uint32_t key[CHACHA_KEY_WORDS] = {0}, nonce[3] = {0};
	uint32_t out[CHACHA_BLOCK_WORDS];

	chacha_block(out, key, 0, nonce);
	check(out[0] == 0xade0b876 && out[15] == 0x8665eeb2, "A.1, 1");
	chacha_block(out, key, 1, nonce);
	check(out[0] == 0xbee7079f && out[15] == 0x6f4d794b, "A.1, 2");
	key[0] = 0xff00;
	chacha_block(out, key, 2, nonce);
	check(out[0] == 0xfb4dd572 && out[15] == 0x96f0992e, "A.1, 4");
}

static unsigned requests;

static void answer(void)
{
	static const char noise[32] = "as good as any";

	if (++requests == 2)
		entropy_add(noise, sizeof noise, 256);
}

static bool differ(const unsigned char *a, const unsigned char *b, size_t n)
{
	return memcmp(a, b, n) != 0;
}

static void test_generator(void)
{
	unsigned char a[100], b[100], one = 1;

	memset(a, 0, sizeof a);
	check(!entropy_ready(), "not ready at first");
	check(entropy_read(a, sizeof a, false) == -EAGAIN, "-EAGAIN");
	entropy_read_insecure(a, sizeof a);
	entropy_read_insecure(b, sizeof b);
	check(differ(a, b, sizeof a), "insecure reads differ");
	for (unsigned i = 0; i < 255; i++)
		entropy_add(&one, 1, 1);
	check(!entropy_ready(), "255 bits aren't enough");
	entropy_read_insecure(b, 1);
	entropy_add(&one, 1, 1);
	check(!entropy_ready(), "bits before an insecure read don't count");
	entropy_set_source(answer);
	check(entropy_read(b, sizeof b, true) == 0 && requests >= 2,
	      "a device is asked and waited for");
	check(entropy_ready() && differ(a, b, sizeof a), "ready");
	check(entropy_read(a, 0, false) == 0, "no bytes");
	check(entropy_read(a, sizeof a, false) == 0, "now without waiting");
	check(differ(a, b, sizeof a), "reads differ");
}

/* How many bits are 1 in a megabit: within five standard deviations. */
static void test_balance(void)
{
	static unsigned char bytes[125000];
	long ones = 0;

	entropy_read(bytes, sizeof bytes, true);
	for (size_t i = 0; i < sizeof bytes; i++)
		ones += __builtin_popcount(bytes[i]);
	check(ones > 500000 - 2500 && ones < 500000 + 2500, "balanced");
}

int main(void)
{
	test_block();
	test_vectors();
	host_threads_start();
	test_generator();
	test_balance();
	return check_done();
}
