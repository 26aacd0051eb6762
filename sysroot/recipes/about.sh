# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# What the sysroot says of itself. Nothing else depends on it.

recipe_inputs()
{
	printf '%s\n' "$SRCDIR/sysroot/syscalls.tbl"
}

recipe_key()
{
	about
}

about()
{
	printf '%s\n' "version=$HALVM_VERSION" "abi=1" "ghc=$GHC_VERSION" \
		"musl=$(pin musl 3 | sed 's/-[^-]*$//')"
}

recipe_build()
{
	mkdir -p "$STAGE/share"
	about > "$STAGE/sysroot.conf"
	cp "$SRCDIR/sysroot/syscalls.tbl" "$STAGE/share/"
}
