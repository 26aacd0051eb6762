# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The interpreter, ghc-iserv: GHC runs it for Template Haskell, -e and
# --interactive, as compiled code for this libc can't be loaded into the
# compiler, a program of the host's. It is a static linux program like those
# that the compiler makes, with the sysroot's libraries inside and a table of
# all their symbols, in which loaded code is linked (iserv/symbols.c).

recipe_inputs()
{
	find "$GHC_FILES/iserv" -type f
	printf '%s\n' "$GHC_FILES/iserv.edits" \
		"$GHC_FILES/frontend/Halvm/SharedInput.hs" \
		"$SRCDIR/include/halvm/provider.h" \
		"$SRCDIR/sysroot/checked-edit.awk"
}

# It is linked with the runtime object of its target.
RUNTIME=$BUILDDIR/lib/halvm/targets/linux/runtime.o

recipe_triggers()
{
	printf "%s\n" "$RUNTIME"
}

recipe_key()
{
	sha256sum < "$RUNTIME"
}

# Cabal is left out: it would add two thirds to the size, splices hardly use
# it, and those that do can load it.
OUTSIDE="rts Cabal"

inside()
{
	local conf name
	for conf in "$SYSROOT"/ghc/package.conf.d/*.conf; do
		name=$(sed -n 's/^name: *//p' "$conf")
		case " $OUTSIDE " in
		*" $name "*) ;;
		*) printf '%s\n' "$name" ;;
		esac
	done
}

# The archives, as paths below the sysroot. The runtime system's symbols are
# known to its linker.
archives()
{
	local id
	for id in $(inside); do
		(cd "$SYSROOT" && ls ghc/"$id"-[0-9]*/libHS"$id"-[0-9]*.a)
	done
	(cd "$SYSROOT" && ls lib/*.a)
}

# Names with default visibility that archives define.
symbols()
{
	(cd "$SYSROOT" && readelf -sW "$@") |
		awk '($5 == "GLOBAL" || $5 == "WEAK") && $6 == "DEFAULT" &&
			$7 != "UND" && $4 != "TLS" { print $8 }' | sort -u
}

recipe_build()
{
	local src flags
	src=$(ghc_source)
	cp "$src/utils/iserv/src/Main.hs" "$src/utils/iserv/cbits/iservmain.c" \
		"$GHC_FILES/iserv/BuiltIn.hs" "$GHC_FILES"/iserv/*.c .
	mkdir Halvm
	cp "$GHC_FILES/frontend/Halvm/SharedInput.hs" Halvm/
	checked_edits "$GHC_FILES/iserv.edits" .
	mapfile -t archives < <(archives)
	"$BINDIR/halvm-cc" -O2 -c providers.c -o providers.o
	{
		symbols "${archives[@]}"
		nm -g --defined-only providers.o | awk '{ print $3 }'
		# Of the runtime system, but not in its linker's own table.
		echo halvm_rts_caller
		echo halvm_rts_may_enter
	} | LC_ALL=C sort -u > names
	LC_ALL=C awk -v archives="${archives[*]}" \
		-f "$GHC_FILES/iserv/symbols.awk" names > table.s
	"$BINDIR/halvm-cc" -c table.s -o table.o
	mapfile -t flags < <(inside | sed 's/^/-package=/')
	# utils: iservmain.c wants ../rts from it. What a unikernel would
	# refuse is no news: this runs on the host.
	"$BINDIR/halvm-ghc" --target=linux -v0 -O1 -threaded -no-hs-main \
		-outputdir out -hide-all-packages "${flags[@]}" \
		"-I$src/utils" Main.hs iservmain.c symbols.c providers.o table.o \
		-lgmp -ltinfo -lz -optl-Wno-refused -optl-s -o ghc-iserv
	mkdir -p "$STAGE/ghc/bin"
	cp ghc-iserv "$STAGE/ghc/bin/"
}
