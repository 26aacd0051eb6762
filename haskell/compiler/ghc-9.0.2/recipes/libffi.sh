# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# libffi, as bundled with GHC: the byte code interpreter calls C through it.

recipe_inputs()
{
	:
}

recipe_build()
{
	local tarball
	tarball=$(echo "$(ghc_source)"/libffi-tarballs/libffi-*.tar.gz)
	tar -x --no-same-owner --strip-components=1 -f "$tarball"
	CC="$BINDIR/halvm-cc" CFLAGS="-O2" ./configure \
		--build=x86_64-unknown-linux-gnu \
		--host=x86_64-unknown-linux-musl --prefix=/inst \
		--disable-shared --enable-static --disable-docs \
		--disable-exec-static-tramp --disable-multi-os-directory
	make -j2 V=1
	make DESTDIR="$WORK/out" install
	mkdir -p "$STAGE/ghc/rts" "$STAGE/ghc/include"
	cp "$WORK/out/inst/lib/libffi.a" "$STAGE/ghc/rts/libCffi.a"
	find "$WORK/out/inst" -name 'ffi*.h' \
		-exec cp {} "$STAGE/ghc/include/" \;
}
