/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * call.h - the hypercalls that drivers make.
 *
 * Xen reaches arguments by their virtual addresses and reports -EFAULT where
 * no page is present: what it only writes must have been touched before.
 * Errors are Xen's (public/errno.h), which has Linux's numbers.
 */
#ifndef DEV_XEN_CALL_H
#define DEV_XEN_CALL_H

#include "xen.h"
#include <xen/hvm/hvm_op.h>
#include <xen/sched.h>
#include "arch/hypercall.h"

static inline int xen_event_op(unsigned cmd, void *argument)
{
	return (int)xen_hypercall(__HYPERVISOR_event_channel_op, cmd,
				  (unsigned long)argument, 0, 0, 0);
}

static inline int xen_grant_op(unsigned cmd, void *arguments, unsigned count)
{
	return (int)xen_hypercall(__HYPERVISOR_grant_table_op, cmd,
				  (unsigned long)arguments, count, 0, 0);
}

static inline int xen_memory_op(unsigned cmd, void *argument)
{
	return (int)xen_hypercall(__HYPERVISOR_memory_op, cmd,
				  (unsigned long)argument, 0, 0, 0);
}

/* Lets other domains run; for those who poll. */
static inline void xen_yield(void)
{
	xen_hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
}

/* A parameter that the tools set (xen/hvm/params.h); 0 if there is none. */
static inline uint64_t xen_param(unsigned index)
{
	struct xen_hvm_param p = {.domid = DOMID_SELF, .index = index};

	if (xen_hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param,
			  (unsigned long)&p, 0, 0, 0))
		return 0;
	return p.value;
}

#endif
