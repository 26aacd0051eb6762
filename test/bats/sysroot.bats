#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The sysroot as a product: what is in it, and what must not be.

load common

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
}

@test "libc.a has no instruction that enters a kernel" {
	objdump -d --no-show-raw-insn "$SYSROOT/lib/libc.a" >libc.s
	[ "$(wc -l <libc.s)" -gt 50000 ]
	run grep -E '	(syscall|sysenter|int +\$)' libc.s
	[ "$output" = '' ]
}

@test "libc.a calls each syscall of its own by name" {
	nm -A --undefined-only "$SYSROOT/lib/libc.a" 2>/dev/null |
		grep -o 'halvm_syscall_[a-z0-9_]*' | sort -u >called
	awk '!/^#/ && NF && $1 != "name" { print "halvm_syscall_" $1 }' \
		"$SYSROOT/share/syscalls.tbl" | sort >known
	[ "$(wc -l <called)" -gt 250 ]
	[ -z "$(comm -23 called known)" ]
}

@test "the installed table is the tree's" {
	cmp "$HALVM_SRC/sysroot/syscalls.tbl" "$SYSROOT/share/syscalls.tbl"
}

@test "every package of the distribution's GHC but ghc itself" {
	need_tool ghc-pkg
	ghc-pkg --global --simple-output list 2>/dev/null | tr ' ' '\n' |
		sed 's/-[0-9.]*$//' | grep -v '^ghc$' | sort -u >stock
	halvm-ghc-pkg list --simple-output | tr ' ' '\n' |
		sed 's/-[0-9.]*$//' | sort -u >ours
	[ "$(wc -l <stock)" -gt 25 ]
	# packages that other Debian packages added to the global database
	# are no part of GHC
	while read -r package; do
		dpkg -S "/var/lib/ghc/package.conf.d/$package-[0-9]*.conf" \
			2>/dev/null | grep -q '^ghc:' || continue
		grep -qx "$package" ours || {
			echo "missing: $package"
			false
		}
	done <stock
}

@test "all packages have the versions of the distribution's" {
	need_tool ghc-pkg
	for package in base bytestring text containers unix process; do
		[ "$(ghc-pkg --global --simple-output list $package)" = \
			"$(halvm-ghc-pkg --simple-output list $package)" ]
	done
}

@test "a module of each package compiles, links and runs" {
	cat >Main.hs <<-'EOF'
		{-# LANGUAGE OverloadedStrings #-}
		module Main (main) where
		import qualified Control.Monad.State as State
		import qualified Control.Concurrent.STM as STM
		import Control.Monad.Catch (try, throwM)
		import Data.Array (listArray, (!))
		import Data.Binary (decode, encode)
		import qualified Data.ByteString.Char8 as B
		import Control.DeepSeq (force)
		import qualified Data.Map as Map
		import qualified Data.Text as T
		import Data.Time (fromGregorian)
		import Distribution.Version (mkVersion)
		import Distribution.Pretty (prettyShow)
		import GHC.Compact (compact, getCompact)
		import System.Console.Haskeline (defaultSettings, runInputT,
		  outputStrLn)
		import System.Console.Terminfo.Base (setupTerm, getCapability,
		  tiGetNum)
		import System.Directory (doesDirectoryExist)
		import System.FilePath ((</>))
		import System.Posix.Process (getProcessID)
		import System.Process (readProcess)
		import Text.Parsec (parse, many1, digit)
		import Text.PrettyPrint (text, render)
		import Text.XHtml (showHtmlFragment, p, (<<))
		import Trace.Hpc.Util (toHash)
		import Language.Haskell.TH (nameBase, mkName)

		main :: IO ()
		main = do
		  print (State.execState (State.modify (+ 1)) (41 :: Int))
		  v <- STM.newTVarIO 'x'
		  print =<< STM.readTVarIO v
		  r <- try (throwM (userError "e")) :: IO (Either IOError ())
		  print r
		  print (listArray (0, 2) "abc" ! (1 :: Int))
		  print (decode (encode (7 :: Int)) :: Int)
		  B.putStrLn "bytes"
		  print (force (Map.toList (Map.fromList [(1 :: Int, 'a')])))
		  putStrLn (T.unpack (T.toUpper "text"))
		  print (fromGregorian 2022 2 25)
		  putStrLn (prettyShow (mkVersion [1, 2]))
		  c <- compact [1 :: Int, 2]
		  print (getCompact c)
		  runInputT defaultSettings (outputStrLn "haskeline")
		  t <- setupTerm "vt100"
		  print (getCapability t (tiGetNum "cols"))
		  print =<< doesDirectoryExist ("/" </> "etc")
		  pid <- getProcessID
		  print (pid > 0)
		  putStr =<< readProcess "/bin/echo" ["process"] ""
		  print (either (const 0) length 
		    (parse (many1 digit) "" ("123" :: String)))
		  putStrLn (render (text "pretty"))
		  putStrLn (showHtmlFragment (p << ("x" :: String)))
		  print (toHash ("a" :: String) == toHash ("a" :: String))
		  putStrLn (nameBase (mkName "name"))
	EOF
	works "${HGHC[@]}" Main.hs -o all
	TERM=vt100 works ./all </dev/null
	says haskeline
	says 'Just 80'
	says '[1,2]'
}

@test "Integer is GMP's" {
	cat >Main.hs <<-'EOF'
		main :: IO ()
		main = print (product [1 .. 100 :: Integer] `mod` 1009)
	EOF
	works "${HGHC[@]}" Main.hs -o big
	[ "$(./big)" = 228 ]
	nm big | grep -q " __gmpn_mul$"
}

@test "the RTS in all its ways" {
	dir=$(dirname "$(find "$SYSROOT/ghc" -name 'libHSrts.a')")
	for way in '' _thr _debug _thr_debug _l; do
		[ -r "$dir/libHSrts$way.a" ] || {
			echo "no libHSrts$way.a"
			false
		}
	done
}

@test "libraries have split sections" {
	lib=$(find "$SYSROOT/ghc" -name 'libHSbase-*.a')
	sections=$(readelf -SW "$lib" 2>/dev/null | grep -c '\.text\.')
	[ "$sections" -gt 5000 ]
}

@test "every library is fit for ring 0" {
	run "$HALVM_SRC/sysroot/check-ring0" "$SYSROOT"/lib/lib*.a
	[ "$output" = '' ]
	[ "$status" = 0 ]
}

@test "the sysroot names no path of the machine it was built on" {
	run grep -rIlF -e "$HALVM_BUILD" -e "$HALVM_SRC" -e sysroot-build \
		"$SYSROOT"
	[ "$output" = '' ]
}

@test "sysroot.conf says what it is" {
	grep -q '^ghc *= *9\.0\.2$' "$SYSROOT/sysroot.conf"
	grep -q '^musl *= *1\.2\.3$' "$SYSROOT/sysroot.conf"
	grep -q '^abi *= *1$' "$SYSROOT/sysroot.conf"
}

@test "the leaf list holds memcpy and not write, nor what calls back" {
	for name in memcpy memchr strlen sin cos memset; do
		grep -qxE "$name( .*)?" "$SYSROOT/share/leaf-functions"
	done
	for name in write read printf malloc qsort exit; do
		run grep -xE "$name( .*)?" "$SYSROOT/share/leaf-functions"
		[ "$output" = '' ]
	done
}
