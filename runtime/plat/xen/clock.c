/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - Xen's system time (public/xen.h: struct vcpu_time_info), its wall
 * clock, and the timer of this virtual CPU (public/vcpu.h).
 *
 * Our clock begins at 0 with the guest; Xen's begins with the host, or with
 * another host after a restore.  `base` is the difference.
 */
#include "xen_plat.h"

#include <xen/event_channel.h>
#include <xen/vcpu.h>

#include "arch/hypercall.h"
#include "arch/pvclock.h"
#include "pc/pc.h"

#define FAR_NS 3600000000000UL /* an hour */

/* KVM has taken this structure from Xen. */
_Static_assert(sizeof(struct pvclock_time) == sizeof(struct vcpu_time_info),
	       "pvclock");

static uint64_t base, last, stopped_at;
static void (*timer_callback)(void);

static uint64_t system_time(void)
{
	return pvclock_read(
	    (const volatile void *)&xen_shared.vcpu_info[0].time, &last);
}

uint64_t platform_clock(void)
{
	return system_time() - base;
}

uint64_t platform_wall_offset(void)
{
	/* wc_version, wc_sec and wc_nsec, one after the other. */
	return pvclock_wall((const volatile void *)&xen_shared.wc_version) +
	       base;
}

static long vcpu_op(unsigned op, void *argument)
{
	return xen_hypercall(__HYPERVISOR_vcpu_op, op, 0,
			     (unsigned long)argument, 0, 0);
}

void platform_timer_arm(uint64_t deadline)
{
	struct vcpu_set_singleshot_timer timer;
	uint64_t now;

	if (deadline == UINT64_MAX) {
		vcpu_op(VCPUOP_stop_singleshot_timer, NULL);
		return;
	}
	/*
	 * One that is past fires at once; one that is far comes early, because
	 * Xen's times are signed, and the caller arms again.
	 */
	now = platform_clock();
	if (deadline > now && deadline - now > FAR_NS)
		deadline = now + FAR_NS;
	timer = (struct vcpu_set_singleshot_timer){
	    .timeout_abs_ns = deadline + base,
	};
	vcpu_op(VCPUOP_set_singleshot_timer, &timer);
}

static void timer_event(void *unused)
{
	(void)unused;
	timer_callback();
}

static void bind_timer(void)
{
	struct evtchn_bind_virq bind = {.virq = VIRQ_TIMER, .vcpu = 0};

	if (xen_hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq,
			  (unsigned long)&bind, 0, 0, 0) ||
	    platform_irq_attach(bind.port, timer_event, NULL))
		pc_fail("Xen gives no timer");
}

void xen_clock_init(void (*on_timer)(void))
{
	base = system_time();
	timer_callback = on_timer;
	bind_timer();
}

void xen_clock_suspend(void)
{
	stopped_at = platform_clock();
}

void xen_clock_resume(void)
{
	last = 0;
	base = system_time() - stopped_at;
	bind_timer();
}
