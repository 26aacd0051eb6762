/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine that runs: what run_machine.c, run_process.c and run_output.c
 * share. Private to them.
 *
 * The carrier (run.h) is a child of ours (child.h), on whose standard input and
 * output the guest speaks the protocol of frames.h.
 */
#ifndef HALVM_DRIVER_RUN_MACHINE_H
#define HALVM_DRIVER_RUN_MACHINE_H

#include <signal.h>
#include <stdint.h>

#include "child.h"
#include "frames.h"
#include "run.h"
#include "symbolise.h"

/* Whatever has POLLOUT takes this much (POSIX: PIPE_BUF). */
enum { RUN_PIECE = 4096 };

struct machine {
	const struct run_args *args;
	const struct carrier *carrier;
	struct child child; /* the carrier */
	struct frames frames;
	struct symboliser *symbols;
	int log; /* descriptor, -1: none */

	char out[2 * RUN_PIECE + 8 * FRAMES_RECORD_MAX]; /* to the guest */
	size_t out_at, out_len;
	bool terminal;	 /* descriptor 0 is ours, and raw */
	bool background; /* it is a terminal, and not ours now */
	bool stdin_over; /* its end was sent */

	char early[512]; /* a line before the protocol */
	size_t early_len;

	char *said; /* by the carrier */
	size_t said_len;

	int signal; /* that ends us, once the machine is down */
	int64_t last[NSIG];
	int64_t interrupt_byte; /* time of the last Ctrl-C typed */
	int64_t deadline;	/* -1: none */
	bool writing, blocked;	/* output; and nobody takes it */
	bool timed_out;
};

/* run_process.c */

/* Starts the carrier; dies if it can't be. */
void run_process_start(struct machine *m);
/* Tells it to end. */
void run_process_stop(struct machine *m);
/* So too, and sees to it. */
void run_process_end(struct machine *m);
/* From now on signals come as bytes on the descriptor that is returned. */
int run_catch_signals(void);
/* Ends us as if the signal had done so all along. */
_Noreturn void run_die_by(int sig);

/* run_machine.c */

/* Whether the machine is to end, whatever it does. */
bool run_is_over(const struct machine *m);
/*
 * Waits for one of the descriptors 0 to n - 1 of poll(2)'s array, a signal or
 * the time limit; deals with the latter two.
 */
struct pollfd;
void run_wait_for(struct machine *m, struct pollfd *p, size_t n);

/* run_output.c */

void run_output_open(struct machine *m);
/* Reads what the guest, or the carrier itself, has to say, and passes it on. */
void run_output_guest(struct machine *m);
void run_output_carrier(struct machine *m);
/* The end of a line that waits for its address' name. */
void run_output_flush(struct machine *m);
/* Tells of a machine that ended without a status. */
_Noreturn void run_output_no_status(struct machine *m);

#endif
