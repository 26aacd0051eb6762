/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names beside the addresses in a panic's text. The runtime prints them bare,
 * in lines such as
 *
 *	  at 0x10f3a2
 *
 * and carries no symbol table; the image that halvm-run has at hand does. Such
 * a line becomes `  at 0x10f3a2 function+0x1a`; all other text passes as it
 * is, and at once.
 */
#ifndef HALVM_DRIVER_SYMBOLISE_H
#define HALVM_DRIVER_SYMBOLISE_H

#include <stddef.h>
#include <stdint.h>

#include "elffile.h"

struct symboliser;

/* Of the image's file, which is read when the first address comes. */
struct symboliser *symboliser_new(const char *path);
/* Of an image in memory, which must outlive it. */
struct symboliser *symboliser_for(const struct elf *e);
void symboliser_free(struct symboliser *s);

typedef void symbolise_fn(void *arg, const char *text, size_t n);

void symbolise(struct symboliser *s, const char *text, size_t n,
	       symbolise_fn *fn, void *arg);
/* At the end of the text: what a begun line held back. */
void symbolise_flush(struct symboliser *s, symbolise_fn *fn, void *arg);

/*
 * The function that the address is in, with its offset; NULL if there is none.
 * The caller frees.
 */
char *symbolise_address(struct symboliser *s, uint64_t address);

#endif
