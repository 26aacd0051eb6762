/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * conmux_input.h - between the two halves of conmux only.
 */
#ifndef IO_CONMUX_INPUT_H
#define IO_CONMUX_INPUT_H

#include "io/conmux.h"

#define CONMUX_DLE '\x10'

void conmux_input_init(struct console *c, bool framed,
		       const struct conmux_input *input);
/* The console's `received`. */
size_t conmux_received(void *owner, const char *text, size_t n);

#endif
