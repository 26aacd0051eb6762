/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * upcall.c - event channels arrive here: the two-level interface
 * (public/event_channel.h, public/xen.h: struct shared_info).
 *
 * Xen raises one vector when a bit of this CPU's selector is set; each bit of
 * the selector stands for a word of pending ports.
 */
#include "xen_plat.h"

#include <xen/event_channel.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

#include "arch/hypercall.h"
#include "arch/trap.h"
#include "halvm/abi/errno.h"
#include "pc/pc.h"

/* A guest gets its ports from the lowest free one up. */
#define PORTS_MAX 512
#define WORD_BITS 64
#define WORDS (sizeof xen_shared.evtchn_pending / sizeof(xen_ulong_t))

/* HVM_PARAM_CALLBACK_IRQ: the type in the top byte, and the vector. */
#define CALLBACK(vector)                                                       \
	((uint64_t)HVM_PARAM_CALLBACK_TYPE_VECTOR << 56 | (vector))

static struct {
	void (*fn)(void *);
	void *argument;
} ports[PORTS_MAX];

static void mask(unsigned port)
{
	__atomic_fetch_or(&xen_shared.evtchn_mask[port / WORD_BITS],
			  1UL << port % WORD_BITS, __ATOMIC_SEQ_CST);
}

static void deliver(unsigned port)
{
	__atomic_fetch_and(&xen_shared.evtchn_pending[port / WORD_BITS],
			   ~(1UL << port % WORD_BITS), __ATOMIC_SEQ_CST);
	if (port < PORTS_MAX && ports[port].fn)
		ports[port].fn(ports[port].argument);
	else
		mask(port);
}

static void upcall(void *unused)
{
	struct vcpu_info *v = &xen_shared.vcpu_info[0];

	(void)unused;
	while (__atomic_exchange_n(&v->evtchn_upcall_pending, 0,
				   __ATOMIC_SEQ_CST)) {
		unsigned long words = __atomic_exchange_n(
		    &v->evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);

		while (words) {
			unsigned w = (unsigned)__builtin_ctzl(words);
			unsigned long bits = xen_shared.evtchn_pending[w] &
					     ~xen_shared.evtchn_mask[w];

			words &= words - 1;
			for (; bits; bits &= bits - 1)
				deliver(w * WORD_BITS +
					(unsigned)__builtin_ctzl(bits));
		}
	}
}

static void tell_vector(void)
{
	struct xen_hvm_param p = {
	    .domid = DOMID_SELF,
	    .index = HVM_PARAM_CALLBACK_IRQ,
	    .value = CALLBACK(VECTOR_EVENT),
	};

	for (unsigned i = 0; i < WORDS; i++)
		xen_shared.evtchn_mask[i] = ~0UL;
	if (xen_hypercall(__HYPERVISOR_hvm_op, HVMOP_set_param,
			  (unsigned long)&p, 0, 0, 0))
		pc_fail("Xen gives no vector for events");
}

void xen_upcall_init(void)
{
	trap_use_event();
	trap_set_handler(VECTOR_EVENT, upcall, NULL);
	tell_vector();
}

void xen_upcall_resume(void)
{
	for (unsigned i = 0; i < PORTS_MAX; i++)
		ports[i].fn = NULL;
	tell_vector();
}

int platform_irq_attach(unsigned irq, void (*fn)(void *), void *argument)
{
	struct evtchn_unmask unmask = {.port = irq};

	if (irq >= PORTS_MAX)
		return -EINVAL;
	if (ports[irq].fn)
		return -EBUSY;
	ports[irq].argument = argument;
	__atomic_store_n(&ports[irq].fn, fn, __ATOMIC_RELEASE);
	/* By Xen, which raises the vector if it is pending already. */
	return (int)xen_hypercall(__HYPERVISOR_event_channel_op,
				  EVTCHNOP_unmask, (unsigned long)&unmask, 0, 0,
				  0);
}

void platform_irq_detach(unsigned irq)
{
	if (irq >= PORTS_MAX)
		return;
	mask(irq);
	ports[irq].fn = NULL;
}
