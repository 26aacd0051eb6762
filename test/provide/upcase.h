/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * upcase.h - a console as a provider in C: what is written comes out in capital
 * letters, a few bytes at a time; what is read is a queue's.
 */
#ifndef TEST_UPCASE_H
#define TEST_UPCASE_H

/* Appends to what can be read. */
void upcase_input(const char *text);
/* Nothing comes after it. */
void upcase_end(void);

/* Switches. */
extern int upcase_terminal;  /* it has a window */
extern int upcase_shut;	     /* it can't be entered */
extern int upcase_error;     /* all calls fail so (negative) */
extern int upcase_interrupt; /* the next wait does */
extern int upcase_full;	     /* there is no room */

/* How often it was asked to wait. */
extern unsigned upcase_waits;

#endif
