/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/bridge.h - a call from C that Haskell answers, and who may make it.
 *
 * Each function of a provider's table is
 *
 *	struct halvm_bridge_call call;
 *
 *	halvm_bridge_enter(&call, HALVM_CONSOLE);
 *	halvm_bridge_console_read(&call, to, n);	(foreign export)
 *	return halvm_bridge_leave(&call);
 *
 * The Haskell function leaves the result in the call; it catches everything.
 */
#ifndef HALVM_BRIDGE_H
#define HALVM_BRIDGE_H

#include <halvm/provider.h>
#include <stdint.h>

struct halvm_bridge_call {
	int64_t result; /* read and written by Haskell: stays first */
	/* Without threads: the Haskell thread that answers, 0 before it does.
	 */
	uint64_t server;
	unsigned
	    kinds; /* bits of halvm_provider_kind, of the calls above too */
	unsigned saved;
	struct halvm_bridge_call *next;
};

/* For the tables' may_enter. */
int halvm_bridge_may_enter(enum halvm_provider_kind kind);

void halvm_bridge_enter(struct halvm_bridge_call *call,
			enum halvm_provider_kind kind);
long halvm_bridge_leave(struct halvm_bridge_call *call);

/* The result of halvm_provide_*; a refusal is told on standard error. */
void halvm_bridge_provided(const char *kind, int error);

#endif
