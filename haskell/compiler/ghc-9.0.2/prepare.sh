# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# What GHC's own build system does to a library's sources before Cabal sees
# them, and flags that only one library needs. Run in the folder above `src`;
# the argument is GHC's source tree.

CONFIGURE=()

# Headers of base and of GHC, for the configure scripts that look for them.
with_base_headers()
{
	CONFIGURE+=("--configure-option=CPPFLAGS=-I$SYSROOT/ghc/include -I$SYSROOT/ghc/base-4.15.1.0/include")
	cp "$1/config.guess" "$1/config.sub" src/
}

prepare_ghc-prim()
{
	"$HOST_CC" -E -undef -traditional -P -x c \
		"-I$SYSROOT/ghc/include" "-I$1/includes" \
		"$1/compiler/GHC/Builtin/primops.txt.pp" > primops.txt
	"$WORKDIR/host/genprimopcode" --make-haskell-wrappers \
		< primops.txt > src/GHC/PrimopWrappers.hs
	checked_edits "$GHC_FILES/ghc-prim.edits" src
}

prepare_ghc-bignum()
{
	echo "#include <gmp.h>" > src/include/ghc-gmp.h
	cp "$1/config.guess" "$1/config.sub" src/
	CONFIGURE+=(--configure-option=--with-gmp
		"--configure-option=--with-gmp-includes=$SYSROOT/include"
		"--configure-option=--with-gmp-libraries=$SYSROOT/lib")
}

# The only library that needs GMP names it.
finish_ghc-bignum()
{
	sed -i 's/^hs-libraries:.*/&\nextra-libraries: gmp/' "$1"
}

prepare_base()
{
	checked_edits "$GHC_FILES/base.edits" src
	cp -r "$1/utils/fs/fs.c" src/cbits/fs.c 2> /dev/null || true
	cp "$1/utils/fs/fs.h" src/include/fs.h
	CONFIGURE+=("--configure-option=CPPFLAGS=-I$SYSROOT/ghc/include -I$WORK/src")
	cp "$1/config.guess" "$1/config.sub" src/
}

prepare_time() { with_base_headers "$1"; }
prepare_unix() { with_base_headers "$1"; }
prepare_directory() { with_base_headers "$1"; }
prepare_process() { with_base_headers "$1"; }

prepare_ghc-boot()
{
	local v=$GHC_VERSION
	sed "s/@ProjectVersionMunged@/$v/g; s/@ProjectVersion@/$v/g" \
		src/ghc-boot.cabal.in > src/ghc-boot.cabal
	mkdir -p src/GHC/Platform
	cat > src/GHC/Version.hs << END
module GHC.Version where

import Prelude

cProjectGitCommitId, cProjectVersion, cProjectVersionInt :: String
cProjectGitCommitId = "$(cat "$1/GIT_COMMIT_ID")"
cProjectVersion = "$v"
cProjectVersionInt = "900"

cProjectPatchLevel, cProjectPatchLevel1, cProjectPatchLevel2 :: String
cProjectPatchLevel = "${v##*.}"
cProjectPatchLevel1 = "${v##*.}"
cProjectPatchLevel2 = ""
END
	cat > src/GHC/Platform/Host.hs << END
module GHC.Platform.Host where

import GHC.Platform

cHostPlatformArch :: Arch
cHostPlatformArch = ArchX86_64

cHostPlatformOS :: OS
cHostPlatformOS = OSLinux

cHostPlatformMini :: PlatformMini
cHostPlatformMini = PlatformMini
  { platformMini_arch = cHostPlatformArch
  , platformMini_os = cHostPlatformOS
  }
END
}

prepare_ghci()
{
	sed "s/@ProjectVersionMunged@/$GHC_VERSION/g; s/@FFIIncludeDir@//" \
		src/ghci.cabal.in > src/ghci.cabal
	grep -v '^ *include-dirs: *$' src/ghci.cabal > t
	mv t src/ghci.cabal
}

prepare_template-haskell() { versioned template-haskell; }
prepare_ghc-boot-th() { versioned ghc-boot-th; }
prepare_ghc-heap() { versioned ghc-heap; }
prepare_libiserv() { versioned libiserv; }

# A .cabal file that is made from a .cabal.in.
versioned()
{
	[ -f "src/$1.cabal" ] || sed "s/@ProjectVersionMunged@/$GHC_VERSION/g" \
		"src/$1.cabal.in" > "src/$1.cabal"
}

prepare_terminfo()
{
	cp "$1/config.guess" "$1/config.sub" src/
	CONFIGURE+=("--configure-option=--with-curses-includes=$SYSROOT/include"
		"--configure-option=--with-curses-libraries=$SYSROOT/lib")
}

finish_terminfo()
{
	sed -i 's/^hs-libraries:.*/&\nextra-libraries: tinfo/' "$1"
}
