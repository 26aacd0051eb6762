# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The proven leaves: C functions of libc, GMP and the RTS from which no system
# call can be reached. Computed from the relocations, then checked by linking
# all of them together. Calls to these stay as cheap as stock GHC makes them.

recipe_inputs()
{
	:
}

recipe_build()
{
	local lib=$SYSROOT/lib rts=$SYSROOT/ghc/rts/libHSrts_thr.a
	mkdir -p "$STAGE/share"
	"$BINDIR/halvm-leaf" "$lib/libc.a" "$lib/libgmp.a" \
		"$lib/libhalvmgcc.a" > libc.leaves
	"$BINDIR/halvm-leaf" --check libc.leaves "$lib/libc.a" \
		"$lib/libgmp.a" "$lib/libhalvmgcc.a"
	wc -l libc.leaves
	ls -l "$rts"
	cp libc.leaves "$STAGE/share/leaf-functions"
}
