# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Host programs: those that a user runs through halvm-* (ghc-pkg, hsc2hs,
# unlit), and those that only this build needs (host/: generators, Setup).

recipe_inputs()
{
	:
}

# hs NAME FOLDER [FLAG…]: a Haskell program of GHC's utils.
hs()
{
	local name=$1 folder=$2
	shift 2
	mkdir -p "out/$name"
	(cd "$folder" && "$GHC" --make -O1 -XHaskell2010 \
		-outputdir "$WORK/out/$name" -o "$WORK/$name" "$@")
	strip "$name"
}

recipe_build()
{
	local src utils
	src=$(ghc_source)
	cp -r "$src/utils" "$src/includes" .
	utils=$WORK/utils
	mkdir -p "$STAGE/ghc/bin" "$STAGE/host"
	hs ghc-pkg "$utils/ghc-pkg" -threaded Main.hs
	mkdir -p paths
	printf '%s\n' 'module Paths_hsc2hs where' 'import Data.Version' \
		'version :: Version' 'version = makeVersion [0, 68]' \
		'getDataFileName :: FilePath -> IO FilePath' \
		'getDataFileName = return' > paths/Paths_hsc2hs.hs
	hs hsc2hs "$utils/hsc2hs" "-i$WORK/paths" -i. Main.hs
	hs genapply "$utils/genapply" \
		"-I$("$GHC" --print-libdir)/include" -package pretty Main.hs
	hs genprimopcode "$utils/genprimopcode" Main.hs
	"$HOST_CC" -O2 -DFS_NAMESPACE=hs "-I$utils/fs" -o unlit \
		"$utils/unlit/unlit.c" "$utils/fs/fs.c"
	strip unlit
	printf '%s\n' 'import Distribution.Simple' 'main = defaultMain' \
		> simple.hs
	printf '%s\n' 'import Distribution.Simple' \
		'main = defaultMainWithHooks autoconfUserHooks' > autoconf.hs
	hs setup-simple . simple.hs
	hs setup-autoconf . autoconf.hs
	cp ghc-pkg hsc2hs unlit "$STAGE/ghc/bin/"
	cp genapply genprimopcode setup-simple setup-autoconf "$STAGE/host/"
}
