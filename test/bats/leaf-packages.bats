#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Unsafe imports of a package's own C sources: those of leaves stay unsafe, the
# others are made safe, and halvm-ld finds out if that was wrong.

load common

setup() {
	need_sysroot
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	mkdir "$BATS_TEST_TMPDIR/p"
	cd "$BATS_TEST_TMPDIR/p" || return
}

# package: one with C sources of every sort
package() {
	mkdir cbits src
	cat >p.cabal <<-'EOF'
		cabal-version: 2.2
		name: p
		version: 1
		build-type: Simple

		flag other
		  default: False
		  manual: True

		common c
		  cc-options: -DSCALE=3 "-DNAME=\"a b\""
		  include-dirs: cbits

		library
		  import: c
		  exposed-modules: P
		  hs-source-dirs: src
		  build-depends: base
		  default-language: Haskell2010
		  c-sources: cbits/pure.c
		             -- cbits/absent.c
		             cbits/io.c, cbits/hash.c
		             cbits/conditional.c
		  if os(windows) || arch(wasm32)
		    c-sources: cbits/windows.c
		  else
		    cc-options: -DHERE=1
		  if flag(other) && impl(ghc >= 8)
		    c-sources: cbits/other.c
		    cc-options: -DOTHER

		executable e
		  main-is: Main.hs
		  hs-source-dirs: app
		  build-depends: base, p
		  default-language: Haskell2010
	EOF
	cat >src/P.hs <<-'EOF'
		module P where
		import Foreign
		import Foreign.C
		foreign import ccall unsafe "scaled" scaled :: CInt -> CInt
		foreign import ccall unsafe "hash" hash
		  :: CString -> CSize -> IO CUInt
		foreign import ccall unsafe "say" say :: CInt -> IO CInt
		foreign import ccall unsafe "grow" grow :: CSize -> IO (Ptr CChar)
		foreign import ccall unsafe "apply" apply
		  :: FunPtr (CInt -> IO CInt) -> CInt -> IO CInt
		foreign import ccall unsafe "conditional" conditional
		  :: CInt -> CInt
		foreign import ccall unsafe "twice" twice :: CInt -> CInt
		foreign import ccall unsafe "checked" checked :: CInt -> CInt
		foreign import ccall "wrapper" wrap
		  :: (CInt -> IO CInt) -> IO (FunPtr (CInt -> IO CInt))
	EOF
	cat >cbits/pure.c <<-'EOF'
		#include <assert.h>
		#include <math.h>
		#include "p.h"
		int scaled(int x) { return helper(x) * SCALE; }
		int helper(int x) { return (int)floor(x + 0.5) + sizeof NAME - 4; }
		int checked(int x) { assert(x > 0); return x; }
	EOF
	echo 'int helper(int x);' >cbits/p.h
	cat >cbits/io.c <<-'EOF'
		#include <stdlib.h>
		#include <unistd.h>
		int say(int x) { return write(1, "said\n", 5) == 5 ? x : 0; }
		char *grow(size_t n) { char *p = malloc(n); *p = 7; return p; }
		int apply(int (*f)(int), int x) { return f(x) + 1; }
	EOF
	cat >cbits/hash.c <<-'EOF'
		#include <string.h>
		static const unsigned table[4] = {17, 257, 65537, 5};
		unsigned hash(const char *s, size_t n)
		{
			unsigned h = 1, block[16];
			memset(block, 0, sizeof block);
			memcpy(block, s, n < sizeof block ? n : sizeof block);
			for (size_t i = 0; i < n; i++)
				switch (s[i] & 7) {
				case 0: h += table[i & 3]; break;
				case 1: h *= table[i & 3]; break;
				case 2: h ^= s[i] << 3; break;
				case 3: h -= block[i & 15]; break;
				case 4: h = h << 5 | h >> 27; break;
				case 5: h += 77 * s[i]; break;
				case 6: h ^= 0x55aa; break;
				default: h = ~h;
				}
			return h;
		}
	EOF
	cat >cbits/conditional.c <<-'EOF'
		#include <unistd.h>
		#ifdef HERE
		int conditional(int x) { return x + 1; }
		#else
		int conditional(int x) { return write(x, "", 0); }
		#endif
		int twice(int x) { return 2 * x; }
	EOF
	echo '#include <windows.h>' >cbits/windows.c
	cat >cbits/other.c <<-'EOF'
		#include <unistd.h>
		__attribute__((weak)) int twice(int x) { return write(x, "", 0); }
	EOF
	mkdir app
	cat >app/Main.hs <<-'EOF'
		import Foreign.C
		import P
		main :: IO ()
		main = do
		  f <- wrap (pure . (* 2))
		  mapM_ print =<< sequence
		    [ pure (scaled 14), say 5, apply f 20, pure (conditional 1)
		    , pure (twice 4), pure (checked 3)
		    , fromIntegral <$> withCStringLen "hash me" (\(p, n) ->
		        hash p (fromIntegral n)) ]
	EOF
}

# modules OPTION...: compiles the package's modules as Cabal does
modules() {
	rm -f ../report
	works "${HGHC[@]}" --make -fbuilding-cabal-package -O1 -this-unit-id p-1 \
		-hide-all-packages -package base -i -isrc -Icbits -outputdir \
		../out -fhalvm-ffi-report=../report "$@" P
}

# compiled, not_compiled: whether the last run of `modules` compiled P
compiled() {
	[ -s ../report ]
}

not_compiled() {
	[ ! -e ../report ]
}

# verdict NAME TEXT: the report's line about NAME holds TEXT
verdict() {
	grep -qF ": $1: $2" ../report || {
		echo "not said of $1: $2, but"
		cat ../report
		return 1
	}
}

leaf() {
	verdict "$1" 'kept unsafe (proven leaf)'
}

safe() {
	verdict "$1" 'made safe (may reach a system call)'
}

@test "of a package's C functions the leaves stay unsafe" {
	package
	modules
	leaf scaled
	leaf hash
	leaf conditional
	leaf checked
	safe say
	safe grow
	safe apply
	# Somewhere, for some flags, it makes a system call.
	safe twice
}

@test "what only a flag brings in is not relied on; a library's leaves are" {
	package
	cat >cbits/other.c <<-'EOF'
		int scarce(int x) { return x; }
	EOF
	cat >src/P.hs <<-'EOF'
		module P where
		import Foreign
		import Foreign.C
		foreign import ccall unsafe "scarce" scarce :: CInt -> CInt
		foreign import ccall unsafe "twice" twice :: CInt -> CInt
		foreign import ccall unsafe "zlib.h crc32" crc32
		  :: CULong -> Ptr Word8 -> CUInt -> IO CULong
		foreign import ccall unsafe "zlib.h gzflush" flush
		  :: Ptr () -> CInt -> IO CInt
	EOF
	sed -i 's/^library/&\n  extra-libraries: z, c/' p.cabal
	modules
	safe scarce
	leaf twice
	leaf crc32
	safe flush
}

@test "a leaf's call is stock GHC's, without a word to the scheduler" {
	package
	sed -i '/"say"/d; /"grow"/,+0d; /"apply"/,+1d; /"twice"/d' src/P.hs
	modules
	leaf hash
	run nm -u ../out/P.o
	says ' hash'
	says_not suspendThread
	modules -fhalvm-no-leaf-analysis
	safe hash
	run nm -u ../out/P.o
	says suspendThread
}

@test "cabal: the package works, callbacks and all" {
	need_tool cabal
	package
	export CABAL_DIR=$BATS_TEST_TMPDIR/cabal
	mkdir "$CABAL_DIR"
	: >"$CABAL_DIR/config"
	works cabal build -v1 --with-compiler=halvm-ghc \
		--with-hc-pkg=halvm-ghc-pkg \
		--ghc-options=-fhalvm-ffi-report="$BATS_TEST_TMPDIR/report" e
	leaf scaled
	safe say
	safe apply
	run timeout 20 "$(find dist-newstyle -type f -name e -perm -1)"
	[ "$output" = $'said\n42\n5\n41\n2\n8\n3\n'"$(hashed)" ]
}

# hashed: what the C function makes of "hash me", by the host's compiler
hashed() {
	cat >h.c <<-'EOF'
		#include <stdio.h>
		#include "cbits/hash.c"
		int main(void) { printf("%d\n", (int)hash("hash me", 7)); }
	EOF
	gcc -O1 h.c -o h && ./h
}

@test "a changed C source is seen: modules are compiled again if they must" {
	package
	modules
	leaf scaled
	modules
	not_compiled
	# Nothing but the text changes.
	echo '/* more */' >>cbits/pure.c
	modules
	not_compiled
	printf '%s\n' '#include <unistd.h>' 'int scaled(int x)' \
		'{ return write(1, "", 0) + x; }' \
		'int checked(int x) { return x; }' >cbits/pure.c
	modules
	compiled
	safe scaled
	leaf checked
	# By way of a header.
	cat >cbits/hash.c <<-'EOF'
		#include "p.h"
		int hash(const char *s, int n) { return STEP(n) + *s; }
	EOF
	echo '#define STEP(x) (x)' >>cbits/p.h
	modules
	not_compiled
	printf '%s\n' '#include <stdlib.h>' '#define STEP(x) rand()' \
		'#undef STEP' 'int system(const char *);' \
		'#define STEP(x) system("")' >>cbits/p.h
	modules
	compiled
	safe hash
}

@test "without foreign imports no C is compiled for them" {
	package
	cat >cc <<-EOF
		#!/bin/sh
		case " \$* " in *cbits/*.c\ *) echo "\$*" >>"$PWD/log" ;; esac
		exec gcc "\$@"
	EOF
	chmod +x cc
	export HALVM_HOST_CC=$PWD/cc
	printf '%s\n' 'module P where' 'f :: Int' 'f = 1' >src/P.hs
	modules
	[ ! -e log ]
	printf '%s\n' 'module P where' 'import Foreign.C' \
		'foreign import ccall unsafe "twice" f :: CInt -> CInt' \
		>src/P.hs
	modules
	safe f
	[ "$(grep -c pure.c log)" -ge 1 ]
	# Known from now on.
	rm log
	touch src/P.hs
	modules -fforce-recomp
	safe f
	[ ! -e log ] || {
		cat log
		return 1
	}
}

@test "a program of Haskell and C in one go" {
	cat >Main.hs <<-'EOF'
		import Foreign.C
		foreign import ccall unsafe "add" add :: CInt -> CInt -> CInt
		foreign import ccall unsafe "tell" tell :: CInt -> IO ()
		main :: IO ()
		main = tell (add 1 2)
	EOF
	cat >c.c <<-'EOF'
		#include <stdio.h>
		int add(int x, int y) { return x + y + EXTRA; }
		void tell(int x) { printf("%d\n", x); fflush(stdout); }
	EOF
	works "${HGHC[@]}" -fhalvm-ffi-report=../report -optc-DEXTRA=4 Main.hs \
		c.c -o m
	leaf add
	safe tell
	[ "$(./m)" = 7 ]
	# An object does as well.
	works halvm-cc -O -DEXTRA=5 -c c.c -o c-own.o
	rm ../report
	works "${HGHC[@]}" -fforce-recomp -fhalvm-ffi-report=../report Main.hs \
		c-own.o -o m
	leaf add
	safe tell
	[ "$(./m)" = 8 ]
}

@test "claims that don't hold are found at the link" {
	cat >Main.hs <<-'EOF'
		import Foreign.C
		foreign import ccall unsafe "add" add :: CInt -> CInt -> CInt
		main :: IO ()
		main = print (add 1 2)
	EOF
	echo 'int add(int x, int y) { return x + y; }' >c.c
	works "${HGHC[@]}" Main.hs c.c -o m
	cat >c.c <<-'EOF'
		#include <unistd.h>
		static int deep(int x) { return write(1, "", 0) + x; }
		int add(int x, int y) { return deep(x) + y; }
	EOF
	works halvm-cc -O -c c.c -o c.o
	for emit in image portable; do
		run timeout 60 "${HGHC[@]}" --emit=$emit Main.o c.o -o m2
		[ "$status" = 1 ]
		says 'add > write > halvm_syscall_write'
		says -fhalvm-no-leaf-analysis
		[ ! -e m2 ]
	done
	# A call that was inlined elsewhere: the object with the claim isn't
	# linked, but what it says counts.
	printf '%s\n' 'module Main where' 'main :: IO ()' \
		'main = add >>= print . fromEnum' \
		'foreign import ccall "add" add :: IO Int' >Other.hs
	works "${HGHC[@]}" -c Other.hs -o Other.o -ohi Other.hi
	rm -f libm.a
	ar rcs libm.a Main.o
	run timeout 60 "${HGHC[@]}" Other.o c.o -L. -lm -l:libm.a -o m2
	[ "$status" = 1 ]
	says 'add > write > halvm_syscall_write'
	echo 'int (*f)(int); int add(int x, int y) { return f(x) + y; }' >c.c
	works halvm-cc -O -c c.c -o c.o
	run timeout 60 "${HGHC[@]}" Main.o c.o -o m2
	[ "$status" = 1 ]
	says 'indirect call'
	works "${HGHC[@]}" -fhalvm-no-leaf-analysis Main.hs c.o -o m2
	# A switch that became a table, which the analysis can't follow.
	cat >c.c <<-'EOF'
		int add(int x, int y)
		{
			switch (x) {
			case 0: return y * 3; case 1: return y ^ 5;
			case 2: return y / 7; case 3: return ~y;
			case 4: return y << 3; case 5: return y % 11;
			case 6: return y - 1; case 7: return -y;
			}
			return 0;
		}
	EOF
	works "${HGHC[@]}" -O Main.hs c.c -o m
	[ "$(./m)" = 7 ]
}

@test "a function that waits doesn't keep other Haskell threads from running" {
	cat >Main.hs <<-'EOF'
		import Control.Concurrent
		import Foreign
		import Foreign.C
		foreign import ccall unsafe "wait_for" waitFor
		  :: Ptr CInt -> IO CInt
		main :: IO ()
		main = alloca $ \p -> do
		  poke p 0
		  _ <- forkIO (yield >> poke p 7)
		  waitFor p >>= print
	EOF
	cat >c.c <<-'EOF'
		#include <unistd.h>
		int wait_for(volatile int *p)
		{
			while (!*p)
				usleep(1000);
			return *p;
		}
	EOF
	works "${HGHC[@]}" -threaded Main.hs c.c -o m
	run timeout 60 ./m
	[ "$status" = 0 ]
	[ "$output" = 7 ]
	# As it would be, were it taken for a leaf.
	echo wait_for >list
	works "${HGHC[@]}" -threaded -fforce-recomp -fhalvm-leaf-list=list \
		Main.hs c.c -o m
	run timeout 3 ./m
	[ "$status" = 124 ]
}
