/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * shutdown.c - the domain's end, with a reason that the toolstack acts on
 * (public/sched.h; xl.cfg: on_poweroff, on_reboot, on_crash), and its pauses.
 */
#include "xen_plat.h"

#include <xen/sched.h>

#include "arch/cpu.h"
#include "arch/hypercall.h"
#include "pc/pc.h"

static bool reboot_at_exit;

void xen_reboot_at_exit(void)
{
	reboot_at_exit = true;
}

static long shut_down(unsigned reason)
{
	struct sched_shutdown s = {.reason = reason};

	return xen_hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown,
			     (unsigned long)&s, 0, 0, 0);
}

_Noreturn void platform_shutdown(enum shutdown_reason reason, int status)
{
	unsigned code = SHUTDOWN_poweroff;

	(void)status;
	irq_disable();
	xen_log_drain();
	if (reason == SHUTDOWN_PANIC)
		code = SHUTDOWN_crash;
	else if (reason == SHUTDOWN_REBOOT || reboot_at_exit)
		code = SHUTDOWN_reboot;
	if (xen_present)
		shut_down(code);
	pc_reset();
}

int xen_suspend(void)
{
	long result;

	xen_clock_suspend();
	/* 1: called off, 0: restored (public/sched.h). */
	result = shut_down(SHUTDOWN_suspend);
	if (result)
		return (int)result;
	if (!xen_map_hypercalls() || xen_share())
		pc_fail("Xen doesn't share its page after a restore");
	xen_upcall_resume();
	xen_clock_resume();
	return 0;
}
