# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The proven leaves: C functions of libc, GMP and the RTS from which no system
# call can be reached. Computed from the relocations, then checked by linking
# all of them together. Calls to these stay as cheap as stock GHC makes them.

recipe_inputs()
{
	:
}

# The analysis itself is the other input: what it says of itself.
recipe_key()
{
	leaves | sha256sum
}

LEAF_ARCHIVES=("$SYSROOT/lib/libc.a" "$SYSROOT/lib/libgmp.a"
	"$SYSROOT/lib/libhalvmgcc.a" "$SYSROOT/ghc/rts/libHSrts_thr.a")

leaves()
{
	"$BINDIR/halvm-leaf" "${LEAF_ARCHIVES[@]}"
}

recipe_build()
{
	leaves > leaf-functions
	"$BINDIR/halvm-leaf" --check leaf-functions "${LEAF_ARCHIVES[@]}"
	mkdir -p "$STAGE/share"
	cp leaf-functions "$STAGE/share/"
}
