/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rpci.h - requests to VMware's host side, such as "info-get guestinfo.x", and
 * their replies: messages in pieces of 4 bytes through the backdoor's registers
 * (Open VM Tools, lib/message/message.c, lib/include/guest_msg_def.h).
 *
 * There is no state between calls, no lock and no memory but the caller's:
 * any context, a panic's included.  The host isn't trusted to keep the
 * protocol: each call ends after a bounded number of steps.
 */
#ifndef DEV_VMWARE_RPCI_H
#define DEV_VMWARE_RPCI_H

#include <stdbool.h>
#include <stddef.h>

/* What the host takes at most, in bytes. */
#define RPCI_REQUEST_MAX 65536

/*
 * Sends a request of n bytes and stores the reply, at most max bytes, which
 * begins with "1 " (done) or "0 " (refused); no NUL is added.  Its length; or
 * -ENODEV (the machine has no such channel), -EMSGSIZE (request or reply are
 * too long), -EIO (the host broke off, or the protocol).
 */
long rpci_call(const char *request, size_t n, char *reply, size_t max);

/* Whether the machine has such channels. */
bool rpci_present(void);

/* Lines for the host's log of this machine (vmware.log). */
void rpci_log(const char *text, size_t n);

#endif
