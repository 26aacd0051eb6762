/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/vmware.h - VMware's backdoor: an I/O port that takes a command in
 * registers and answers in them (Open VM Tools, lib/include/backdoor_def.h).
 * plat/vmware and dev/vmware both use it.
 *
 * On another machine nothing answers: the port reads as all ones, and the
 * other registers stay as they were.
 */
#ifndef ARCH_VMWARE_H
#define ARCH_VMWARE_H

#include <stdbool.h>
#include "arch/hypercall.h"

#define VMWARE_MAGIC 0x564d5868u
#define VMWARE_PORT 0x5658u

enum vmware_command {
	VMWARE_GET_VERSION = 10,
	VMWARE_MESSAGE = 30,
	VMWARE_GET_HZ = 45,
	VMWARE_GET_TIME = 46, /* "full": 64 bits of seconds */
};

/* A command of one step, with its one argument. */
static inline struct port_registers vmware_call(enum vmware_command command,
						uint32_t argument)
{
	struct port_registers r = {.eax = VMWARE_MAGIC,
				   .ebx = argument,
				   .ecx = command,
				   .edx = VMWARE_PORT};

	port_exchange(&r);
	return r;
}

/* Something answers at the backdoor. */
static inline bool vmware_answers(void)
{
	struct port_registers r =
	    vmware_call(VMWARE_GET_VERSION, ~VMWARE_MAGIC);

	return r.ebx == VMWARE_MAGIC && r.eax != UINT32_MAX;
}

#endif
