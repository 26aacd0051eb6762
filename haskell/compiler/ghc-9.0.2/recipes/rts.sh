# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The runtime system and its registration as the package rts.

recipe_inputs()
{
	printf '%s\n' "$GHC_FILES/rts.mk" "$GHC_FILES/rts.edits" \
		"$GHC_FILES"/rts/*.c \
		"$SRCDIR/sysroot/checked-edit.awk"
}

# The registration that GHC's build writes, with our folders.
rts_conf()
{
	# shellcheck disable=SC2016
	"$HOST_CC" -E -undef -traditional -P -x c -DINSTALLING \
		'-DLIB_DIR="${pkgroot}"' '-DINCLUDE_DIR="${pkgroot}/include"' \
		-DFFI_LIB_DIR= -DLIBDW_LIB_DIR= -DFFI_INCLUDE_DIR= \
		'-DFFI_LIB="Cffi"' "-I$SYSROOT/ghc/include" \
		"$1/rts/package.conf.in" |
		sed -e 's/""//g' \
			-e '/^[[:space:]]*$/d' |
		awk '/^extra-libraries:/ { skip = 1; next }
			/^[a-z-]+:/ { skip = 0 } !skip'
}

# Functions that Haskell may only call without giving up the capability: all
# that the RTS defines.
rts_functions()
{
	nm -g --defined-only "$1" | awk '$2 ~ /^[TtWiVR]$/ { print $3 }' |
		grep -vE '_(info|entry|closure|ret|fast|slow|con_info)$' |
		sort -u
}

recipe_build()
{
	local src
	src=$(ghc_source)
	cp -r "$src/rts" rts
	cp "$src/utils/fs/fs.c" "$src/utils/fs/fs.h" rts/
	checked_edits "$GHC_FILES/rts.edits" rts
	cp "$GHC_FILES"/rts/*.c rts/
	# With generated constants beside the source, as GHC's build has it.
	"$WORKDIR/host/genapply" > rts/AutoApply.cmm
	mkdir -p "$STAGE/ghc/rts" "$STAGE/ghc/package.conf.d" "$STAGE/share"
	rts_conf "$src" > "$STAGE/ghc/package.conf.d/rts-1.0.2.conf"
	# A bare registration lets the compiler take .cmm files of the package.
	mkdir db
	ln -s "$SYSROOT/ghc/include" db/include
	"$SYSROOT/ghc/bin/ghc-pkg" init db/package.conf.d
	"$SYSROOT/ghc/bin/ghc-pkg" --global-package-db=db/package.conf.d \
		register --force "$STAGE/ghc/package.conf.d/rts-1.0.2.conf"
	make -j2 -f "$GHC_FILES/rts.mk" RTS=rts INC="$SYSROOT/ghc/include" \
		CC="$BINDIR/halvm-cc" AR="$HOST_AR" VERSION="$GHC_VERSION" \
		HC="$SYSROOT/ghc/bin/ghc -B$SYSROOT/ghc \
			-clear-package-db -package-db $WORK/db/package.conf.d"
	cp libHSrts*.a "$STAGE/ghc/rts/"
	{
		echo "# C functions that the runtime system defines."
		rts_functions libHSrts_thr.a
		rts_functions libHSrts.a
	} | sort -u > "$STAGE/share/rts-functions"
}
