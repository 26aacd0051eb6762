/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A package as one object for GHC's own linker, HSNAME.o, which Cabal makes by
 * `ld -r` if library-for-ghci is on and which the interpreter loads rather than
 * libHSNAME.a. With split sections a package has tens of thousands of them, and
 * that linker takes seconds for these; so its sections are joined by kind.
 * Programs are linked from the archive and go on dropping what isn't used.
 */
#include "config.h"

#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What keeps constants of equal size in step, .rodata.cst16, is kept apart. */
static const char script[] =
    "SECTIONS\n"
    "{\n"
    "	.text : { *(.text .text.*) }\n"
    "	.rodata.cst4 : { *(.rodata.cst4*) }\n"
    "	.rodata.cst8 : { *(.rodata.cst8*) }\n"
    "	.rodata.cst16 : { *(.rodata.cst16*) }\n"
    "	.rodata.cst32 : { *(.rodata.cst32*) }\n"
    "	.rodata.str : { *(.rodata.str*) }\n"
    "	.rodata : { *(.rodata .rodata.*) }\n"
    "	.data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) }\n"
    "	.data : { *(.data .data.*) }\n"
    "	.bss : { *(.bss .bss.*) }\n"
    "}\n";

bool link_wants_join(const struct link_args *a)
{
	const char *name = path_basename(a->output ? a->output : "a.out");

	if (a->mode != LINK_MERGE || a->script)
		return false;
	/* Cabal makes large packages in steps, by way of NAME.o.tmp. */
	return str_starts(name, "HS") && strchr(name, '-') &&
	       (str_ends(name, ".o") || str_ends(name, ".o.tmp"));
}

char *link_join_script(void)
{
	char *path = path_join(temp_dir(), "join.lds");
	FILE *f = fopen(path, "w");

	if (!f || fputs(script, f) < 0 || fclose(f) != 0)
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	return path;
}
