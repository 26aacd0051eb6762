# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause

recipe_inputs()
{
	:
}

recipe_build()
{
	unpack zlib src
	cd src || exit
	CC="$BINDIR/halvm-cc" CFLAGS="-O2 -fno-jump-tables" CHOST=x86_64 \
		./configure --static --prefix=/inst
	make -j2 libz.a
	mkdir -p "$STAGE/lib/pkgconfig" "$STAGE/include"
	cp libz.a "$STAGE/lib/"
	cp zlib.h zconf.h "$STAGE/include/"
	pc_file zlib "zlib compression library" "$(pin zlib 3)" -lz
}
