/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Xen test bed: a QEMU that emulates a machine with Xen and a small Linux
 * dom0, for hosts that have no Xen. It is prepared once, runs on its own, and
 * serves guests one at a time on each of its slots, UNIX sockets to dom0's
 * `halvm-run --bed-slot`.
 *
 * In $XDG_CACHE_HOME/halvm/xen-bed (~/.cache/...):
 *   lock             held while dom0 is prepared
 *   dom0-KEY/        what make-dom0 made; KEY is a hash of what made it
 *   dom0-KEY/saved-KEY  the bed when dom0 was ready, for this QEMU and size
 *   run/, run-NAME/  of the bed called NAME; only its owner may enter:
 *     lock           held while it is started or stopped
 *     alive          held by QEMU as long as it lives
 *     ready          is there from when the slots are served
 *     slotN.lock     held by the user of a slot
 *     slotN.sock, control.sock, qmp.sock, pid, qemu.log, console.log
 * All locks are flock(2)'s, so that nothing is left when their holder dies.
 *
 * The functions die, with the way out, when they can't do what they say.
 */
#ifndef HALVM_DRIVER_BED_H
#define HALVM_DRIVER_BED_H

#include <stdbool.h>
#include <stddef.h>

#include "install.h"

/* Slots of a bed: guests that run at once. */
enum { BED_SLOTS = 4 };
/* Beds that are used when $HALVM_BED names none. */
enum { BED_NAMES = 2 };

/* Exit status for what the host doesn't have: tools, packages, network. */
enum { BED_ABSENT = 77 };

struct bed {
	char *name;	  /* "" for the one without */
	char *scripts;	  /* lib/halvm/targets/xen/bed */
	char *cache;	  /* .../halvm/xen-bed */
	char *run;	  /* folder of this bed, without a trailing slash */
	char *sockets;	  /* the same, by a path short enough for sockets */
	bool verbose;	  /* say on stderr what is done */
	bool tell_absent; /* by an exit status of its own */
};

/*
 * The names of the beds in use: $HALVM_BED, or the nameless one and, for what
 * runs at the same time on hosts with several processors, a second. A bed has
 * one processor: with two, QEMU is slower, not faster.
 */
size_t bed_names(const char *names[BED_NAMES]);
/* Finds or makes the folders; nothing is started. */
void bed_open(struct bed *b, const struct install *in, const char *name,
	      bool verbose);
void bed_free(struct bed *b);

/* Whether QEMU runs; *ready if its slots are served. */
bool bed_alive(const struct bed *b, bool *ready);
/* Folder of a dom0, which is made if it isn't there, or if `anew`. */
char *bed_prepare(const struct bed *b, bool anew);
/*
 * Makes the bed run and ready, if it isn't: loads it as it was saved, or
 * boots it, and saves it if no one did.
 */
void bed_ensure(const struct bed *b, const struct install *in);
/* Ends it, with all its guests; false if it didn't run. */
bool bed_stop(const struct bed *b);

/*
 * The path of a slot's socket, for the caller to free, in a bed that runs and
 * is started for that if need be. Waits while all slots are taken. *lock is
 * the slot's flock'ed descriptor (O_CLOEXEC): close it after use. The bed may
 * end at any time, also right now by being idle for long: who finds the socket
 * closed before a first word asks again.
 */
char *bed_slot(const struct install *in, bool verbose, int *lock);

#endif
