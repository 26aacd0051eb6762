# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The compiler: GHC's own front end, linked against the GHC library of the
# distribution, with our hook for foreign imports.

recipe_inputs()
{
	find "$GHC_FILES/frontend" -type f
	printf '%s\n' "$GHC_FILES/frontend.edits" \
		"$SRCDIR/sysroot/checked-edit.awk"
}

recipe_build()
{
	local src
	src=$(ghc_source)
	cp "$src/ghc/Main.hs" .
	cp -r "$src/ghc/GHCi" "$GHC_FILES/frontend/Halvm" .
	checked_edits "$GHC_FILES/frontend.edits" .
	mkdir -p "$STAGE/ghc/bin"
	# As in ghc/ghc-bin.cabal.in, with the interactive user interface.
	"$GHC" --make -j2 -O1 -threaded -XHaskell2010 -XNoImplicitPrelude \
		-XScopedTypeVariables -XBangPatterns -no-hs-main \
		-DHAVE_INTERNAL_INTERPRETER -package ghc -package ghc-boot \
		-package ghci -package haskeline -outputdir out \
		-o "$STAGE/ghc/bin/ghc" Main.hs "$src/ghc/hschooks.c"
	strip "$STAGE/ghc/bin/ghc"
}
