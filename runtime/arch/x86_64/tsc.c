/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tsc.c - a clock from the time stamp counter.
 *
 * Where nobody tells the TSC's rate, it is measured against the PIT between
 * the start and now.  The first measure comes when some 100 us have gone by in
 * work that boot does anyway; each next one after twice the time, so that the
 * error shrinks as the baseline grows: the PIT's resolution of 0.8 us is 1% of
 * 100 us and 1 ppm of a second.  At each one the clock goes on from where it
 * is with the new rate.
 *
 * The PIT wraps in 55 ms; the TSC tells how often, as long as its error over
 * the baseline is less than half of that.  If nobody read the clock for so
 * long that it could be more, a new baseline begins.
 *
 * Readers take no lock: `sequence` is odd while a writer changes the rest.
 */
#include "arch/clocks.h"
#include "arch/cpu.h"

#define NS_PER_SECOND 1000000000UL
#define PIT_WRAP 65536
#define FIRST_BASELINE_NS 100000UL
#define LAST_BASELINE_NS (16 * NS_PER_SECOND)
#define GUESS_HZ NS_PER_SECOND /* until the first measure */

struct scale {
	uint64_t tsc, ns; /* the same moment */
	uint64_t factor;  /* ns per tick, times 2^32 */
};

static struct scale scale;
static uint32_t sequence;
static uint32_t refining;
static uint64_t rate_hz;

static uint64_t base_tsc, next_refine = UINT64_MAX;
static uint16_t base_pit;
static uint64_t error_ppm; /* bound of the rate's error */

static uint64_t scaled(const struct scale *s, uint64_t tsc)
{
	return s->ns +
	       (uint64_t)((unsigned __int128)(tsc - s->tsc) * s->factor >> 32);
}

static uint64_t ticks_of(uint64_t ns)
{
	return cpu_mul_div(ns, rate_hz, NS_PER_SECOND);
}

static void set_rate_at(uint64_t tsc, uint64_t hz)
{
	struct scale s = {.tsc = tsc,
			  .ns = scaled(&scale, tsc),
			  .factor = cpu_mul_div(NS_PER_SECOND, 1UL << 32, hz)};

	__atomic_store_n(&sequence, sequence + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	scale = s;
	__atomic_store_n(&sequence, sequence + 1, __ATOMIC_RELEASE);
	rate_hz = hz;
}

/* A PIT reading and the TSC in its middle; *width: what is uncertain. */
static uint16_t sample(uint64_t *tsc, uint64_t *width)
{
	uint64_t before = cpu_tsc();
	uint16_t pit = pit_read();
	uint64_t after = cpu_tsc();

	*tsc = before + (after - before) / 2;
	*width = after - before;
	return pit;
}

static void begin_baseline(void)
{
	uint64_t width;

	base_pit = sample(&base_tsc, &width);
	next_refine = base_tsc + ticks_of(FIRST_BASELINE_NS);
}

/* PIT ticks since the baseline began, by the TSC's present rate. */
static uint64_t pit_ticks(uint16_t pit, uint64_t ns)
{
	uint64_t about = cpu_mul_div(ns, PIT_HZ, NS_PER_SECOND);
	uint16_t low = (uint16_t)(base_pit - pit);
	/* The number that ends in `low` and is nearest to `about`. */
	uint64_t ticks = about - (uint16_t)(about - low);

	if (about - ticks > PIT_WRAP / 2)
		ticks += PIT_WRAP;
	return ticks;
}

static void refine(void)
{
	uint64_t tsc, width, ns, ticks, elapsed, hz;
	uint16_t pit;

	if (__atomic_exchange_n(&refining, 1, __ATOMIC_ACQUIRE))
		return;
	pit = sample(&tsc, &width);
	elapsed = tsc - base_tsc;
	ns = cpu_mul_div(elapsed, NS_PER_SECOND, rate_hz);
	/* A quarter of the wrap, 13 ms, is the most the TSC may be wrong. */
	if (error_ppm && ns / 1000000 * error_ppm > 13000000) {
		begin_baseline();
		goto out;
	}
	ticks = pit_ticks(pit, ns);
	/* Two ticks, and the width, against the baseline. */
	if (ticks < 16 || width > elapsed / 16)
		goto later;
	hz = cpu_mul_div(elapsed, PIT_HZ, ticks);
	set_rate_at(tsc, hz);
	error_ppm = 2000000 / ticks + width * 1000000 / elapsed + 1;
later:
	next_refine =
	    ns < LAST_BASELINE_NS ? base_tsc + 2 * elapsed : UINT64_MAX;
out:
	__atomic_store_n(&refining, 0, __ATOMIC_RELEASE);
}

void tsc_start(uint64_t entry_tsc, uint64_t hz)
{
	if (!hz)
		hz = tsc_cpuid_rate();
	scale.tsc = entry_tsc;
	set_rate_at(entry_tsc, hz ? hz : GUESS_HZ);
	if (hz)
		return;
	error_ppm = 0; /* no bound yet: the first baseline is short */
	pit_start();
	begin_baseline();
}

/* Who interrupts refine, or meets another CPU in it, goes on without. */
static __attribute__((__noinline__, __cold__)) uint64_t refine_at(uint64_t ns)
{
	refine();
	return ns;
}

uint64_t tsc_clock(void)
{
	struct scale s;
	uint32_t seen;
	uint64_t tsc, ns;

	for (;;) {
		seen = __atomic_load_n(&sequence, __ATOMIC_ACQUIRE);
		s = scale;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__builtin_expect(
			!(seen & 1) && seen == __atomic_load_n(
						   &sequence, __ATOMIC_RELAXED),
			1))
			break;
		cpu_relax();
	}
	tsc = cpu_tsc();
	ns = __builtin_expect(tsc > s.tsc, 1) ? scaled(&s, tsc) : s.ns;
	if (__builtin_expect(tsc >= next_refine, 0))
		return refine_at(ns);
	return ns;
}

#define CPUID_HYPERVISOR (1u << 31) /* CPUID.1:ECX */
#define LEAF_HYPERVISOR 0x40000000u
#define LEAF_TIMING 0x40000010u /* EAX: TSC in kHz (VMware, KVM) */
#define LEAF_TSC 0x15u		/* EBX / EAX times ECX Hz */

uint64_t tsc_cpuid_rate(void)
{
	struct cpuid id;

	if (cpu_id(1, 0).ecx & CPUID_HYPERVISOR &&
	    cpu_id(LEAF_HYPERVISOR, 0).eax >= LEAF_TIMING) {
		id = cpu_id(LEAF_TIMING, 0);
		if (id.eax)
			return (uint64_t)id.eax * 1000;
	}
	if (cpu_id(0, 0).eax >= LEAF_TSC) {
		id = cpu_id(LEAF_TSC, 0);
		if (id.eax && id.ebx && id.ecx)
			return (uint64_t)id.ecx * id.ebx / id.eax;
	}
	return 0;
}
