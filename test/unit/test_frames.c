/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/frames.c: the console protocol. */
#include "config.h"

#include "check.h"
#include "frames.h"
#include "util.h"

#define D "\x10"

/* What came, as text: <o>, <e>, <l>, <n> where the channel changes. */
struct heard {
	char text[512];
	size_t n;
	int channel;
};

static void hear(void *arg, enum frames_channel channel, const char *text,
		 size_t n)
{
	static const char marks[] = "noel";
	struct heard *h = arg;

	if (h->channel != (int)channel + 1) {
		h->n += (size_t)sprintf(h->text + h->n, "<%c>", marks[channel]);
		h->channel = (int)channel + 1;
	}
	memcpy(h->text + h->n, text, n);
	h->n += n;
	h->text[h->n] = 0;
}

static const struct {
	const char *in, *out;
	int status; /* -1: no end */
	unsigned unknown;
	bool panicked;
} cases[] = {
    {"", "", -1, 0, false},
    {"noise", "<n>noise", -1, 0, false},
    {"a" D "V1b", "<n>a<o>b", -1, 0, false},
    {D "V1" D "eb" D "oc" D "ld", "<e>b<o>c<l>d", -1, 0, false},
    {D "V1" D D "x", "<o>" D "x", -1, 0, false},
    {D "V1a" D "x00", "<o>a", 0, 0, false},
    {D "V1a" D "xffmore" D "x00", "<o>a", 255, 0, false},
    {D "V1" D "l" D "ppanic" D "x7d", "<l>panic", 125, 0, true},
    {D "V1a" D "zb", "<o>ab", -1, 1, false},
    {D "V1a" D "xg0b", "<o>a0b", -1, 1, false},
    {D "V1a" D "x0Ab", "<o>ab", -1, 1, false},
    {D "V1a" D "x" D "x07", "<o>ax07", -1, 1, false},
    {D "V1" D "ea" D "V1b", "<e>ab", -1, 0, false},
    /* Noise that looks like a record. */
    {D "x00" D "eb" D D "c", "<n>" D "x00" D "eb" D D "c", -1, 0, false},
    {D D D "V1a", "<n>" D D "<o>a", -1, 0, false},
    {D "Vx" D "V1a", "<n>" D "Vx<o>a", -1, 0, false},
    {D "V" D "V1a", "<n>" D "V<o>a", -1, 0, false},
};

static void decode(const char *in, size_t step, struct frames *f,
		   struct heard *h)
{
	size_t n = strlen(in);

	*f = (struct frames){0};
	*h = (struct heard){0};
	for (size_t i = 0; i < n; i += step)
		frames_decode(f, in + i, n - i < step ? n - i : step, hear, h);
}

static void test_decode(void)
{
	struct frames f;
	struct heard whole, bytes;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		decode(cases[i].in, 1, &f, &bytes);
		decode(cases[i].in, 1000, &f, &whole);
		check_str(whole.text, cases[i].out, "a stream in one piece");
		check_str(bytes.text, cases[i].out, "the same byte by byte");
		check((f.ended ? f.status : -1) == cases[i].status &&
			  f.unknown == cases[i].unknown &&
			  f.panicked == cases[i].panicked,
		      "its status and marks");
	}
	decode(D "V2x", 1000, &f, &whole);
	check(f.started && f.version == '2', "another version is told");
	decode("x" D "V1", 1, &f, &whole);
	check(f.started && f.version == FRAMES_VERSION, "ours too");
}

static void test_encode(void)
{
	char out[64];
	size_t n = frames_encode("a" D "b" D, 4, out);

	check(n == 6 && memcmp(out, "a" D D "b" D D, 6) == 0, "input");
	check(frames_mark('d', out) == 2 && memcmp(out, D "d", 2) == 0,
	      "its end");
	n = frames_window(24, 80, out);
	check(n == FRAMES_RECORD_MAX && memcmp(out, D "w00180050", n) == 0,
	      "the window");
	n = frames_window(0x12345, 0xffff, out);
	check(memcmp(out, D "w2345ffff", n) == 0, "an absurd window");
}

int main(void)
{
	test_decode();
	test_encode();
	return check_done();
}
