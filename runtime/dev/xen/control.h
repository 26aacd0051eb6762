/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * control.h - what the tools of dom0 ask of the domain, and what they are told.
 *
 * Requests (xl shutdown, reboot, save, migrate) come as control/shutdown in
 * xenstore; each is acknowledged there before it is obeyed.
 */
#ifndef DEV_XEN_CONTROL_H
#define DEV_XEN_CONTROL_H

/*
 * After xenstore_open.  `end` is called in interrupt context when the domain
 * shall be shut down; if it shall be started again, the platform knows.
 *
 * Suspend requests are obeyed at once, in interrupt context: the program sees
 * nothing but a jump of the wall clock.  They are refused, with a line in the
 * log, while pages of other domains are mapped.
 */
void xen_control_start(void (*end)(void));

/*
 * Writes data/halvm/exit-status.  The last that is done with xenstore: by a
 * thread, or in a panic with interrupts off.  Takes some seconds at most.
 */
void xen_control_tell_status(int status);

#endif
