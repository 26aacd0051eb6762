/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tty_state.h - the terminal's state, between the files of tty only:
 * tty.c (what comes in), tty_out.c (what goes out), tty_file.c (the program's
 * side), tty_ioctl.c.
 *
 * Input lies in a ring, from tail to head.  In canonical mode (ICANON) the
 * program may read up to canon, the end of the last whole line; a line's last
 * byte has its bit in `ends`.  End-of-file is a byte with its bit in `marks`,
 * too, which nobody gets to read.
 */
#ifndef IO_TTY_STATE_H
#define IO_TTY_STATE_H

#include "arch/spin.h"
#include "halvm/abi/termios.h"
#include "io/tty.h"

#define TTY_BUFFER 4096 /* bytes, a power of 2; Linux has as many */

struct tty_buffer {
	uint8_t bytes[TTY_BUFFER];
	uint8_t ends[TTY_BUFFER / 8];
	uint8_t marks[TTY_BUFFER / 8];
};

struct tty {
	struct spinlock lock; /* of all; before the console's */
	struct abi_termios mode;
	struct abi_winsize window;
	struct tty_buffer *buffer;
	size_t head, tail, canon; /* free running */
	bool ended;		  /* nothing comes any more */
	bool stopped;		  /* output, by VSTOP or TCOOFF */
	bool literal;		  /* VLNEXT: the next byte is taken as it is */
	unsigned column;	  /* the cursor's */
	unsigned line_column;	  /* where the line being edited began */
	enum conmux_channel echo; /* 0: none */
};

extern struct tty tty;

static inline bool tty_bit(const uint8_t *bits, size_t at)
{
	at %= TTY_BUFFER;
	return bits[at / 8] >> at % 8 & 1;
}

static inline void tty_set_bit(uint8_t *bits, size_t at, bool value)
{
	at %= TTY_BUFFER;
	bits[at / 8] = (uint8_t)((bits[at / 8] & ~(1U << at % 8)) |
				 (unsigned)value << at % 8);
}

static inline uint8_t tty_byte(size_t at)
{
	return tty.buffer->bytes[at % TTY_BUFFER];
}

/* The lock is held for these. */

/* Output as OPOST and its kin say; returns how many bytes were taken. */
size_t tty_put(enum conmux_channel channel, const char *text, size_t n);
/* What the program may read now. */
size_t tty_readable(void);
/* Forgets all input. */
void tty_flush_input(void);
/* New modes; the input that is there stays readable. */
void tty_set_mode(const struct abi_termios *mode);

/* file_ops.ioctl. */
long tty_ioctl(struct file *f, unsigned long request, uintptr_t argument);

#endif
