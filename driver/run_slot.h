/* SPDX-License-Identifier: BSD-3-Clause */
/* A slot of a test bed: what run_slot.c and run_slot_request.c share. */
#ifndef HALVM_DRIVER_RUN_SLOT_H
#define HALVM_DRIVER_RUN_SLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "child.h"
#include "queue.h"
#include "records.h"
#include "xlconf.h"

enum slot_state {
	IDLE,	 /* waits for a request */
	ASKED,	 /* has the begin of one */
	RUNNING, /* has a carrier */
	FAILED	 /* waits for the client to go away */
};

struct slot {
	const char *busy; /* a file that is there with a request; NULL: none */
	int port, epoll;
	struct records in;
	struct queue out;   /* to the client */
	struct queue input; /* to the carrier */
	enum slot_state state;
	bool over; /* of the client: gone, or has had enough */
	struct child carrier;
	struct xlconf conf;
	char *line, *name, *more, *command;
	char *kernel, *ramdisk;	   /* files */
	int kernel_fd, ramdisk_fd; /* -1: none yet */
	bool verbose;
};

/*
 * run_slot_request.c: a records_fn, whose argument is the slot. Collects a
 * request and starts what is asked for; passes input on to it.
 */
void slot_take(void *arg, char type, const char *data, size_t n, bool end);
/* Tells the client why there will be no more. */
void slot_fail(struct slot *s, const char *what, const char *why);
/* Nothing is left of the request; the carrier must be reaped. */
void slot_forget(struct slot *s);

#endif
