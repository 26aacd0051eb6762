# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# GMP, with the assembler kernels that any x86-64 runs: choosing among
# variants at run time would put all of them into each program.

recipe_inputs()
{
	printf '%s\n' "$SRCDIR/sysroot/check-ring0"
}

recipe_build()
{
	unpack gmp src
	cd src || exit
	# Debian's tarball comes without the manual; its Makefile asks for one.
	mkdir -p doc
	[ -f doc/Makefile.in ] || printf 'all install check:\n' > doc/Makefile.in
	CC="$BINDIR/halvm-cc" CFLAGS="-O2 -fno-jump-tables" \
		CC_FOR_BUILD="$HOST_CC" ABI=64 ./configure \
		--build=x86_64-unknown-linux-gnu \
		--host=x86_64-unknown-linux-musl --prefix=/inst \
		--disable-shared --enable-static --disable-cxx --without-readline
	make -j2
	mkdir -p "$STAGE/lib/pkgconfig" "$STAGE/include"
	cp .libs/libgmp.a "$STAGE/lib/"
	sed "s|$BINDIR/halvm-cc|halvm-cc|" gmp.h > "$STAGE/include/gmp.h"
	pc_file gmp "GNU multiple precision arithmetic" "$(pin gmp 3)" -lgmp
	"$SRCDIR/sysroot/check-ring0" "$STAGE/lib/libgmp.a"
}
