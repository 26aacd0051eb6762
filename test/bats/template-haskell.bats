#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Template Haskell in full: what the library offers, C in splices, packages,
# recompilation, errors, and many splices with a collector that is always busy.
# interpreter.bats has the interpreter itself.

# shellcheck disable=SC2016 # the dollars are Haskell's
# shellcheck disable=SC2030,SC2031 # a test is a subshell, as is its output

load common

setup() {
	need_sysroot
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	mkdir "$BATS_TEST_TMPDIR/t"
	cd "$BATS_TEST_TMPDIR/t" || return
}

# as_stock ARG...: compiles as stock GHC does, with the same messages
as_stock() {
	if [ "$(ghc --numeric-version 2>/dev/null)" != \
		"$(halvm-ghc --numeric-version)" ]; then
		return 0
	fi
	mkdir stock
	timeout 120 ghc -package-env - -v0 -outputdir stock "$@" -o stock/p \
		>stock.said 2>&1 || :
	timeout 120 "${HGHC[@]}" -outputdir ours "$@" -o p >said 2>&1 || :
	# Splices print to a stream of another process.
	diff <(sort stock.said) <(sort said)
}

@test "the library of Template Haskell works as with stock GHC" {
	cat >L.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell, DeriveLift, DeriveGeneric, OverloadedStrings #-}
		module L where
		import Control.Monad
		import Data.IORef
		import qualified Data.Map.Strict as M
		import qualified Data.Text as T
		import Language.Haskell.TH
		import Language.Haskell.TH.Quote
		import Language.Haskell.TH.Syntax
		import System.IO.Unsafe
		
		class Describe a where describe :: a -> String
		
		deriveDescribe :: Name -> Q [Dec]
		deriveDescribe n = do
		  TyConI (DataD _ _ _ _ cs _) <- reify n
		  let names = [nameBase c | NormalC c _ <- cs] ++ [nameBase c | RecC c _ <- cs]
		  done <- reifyInstances ''Describe [ConT n]
		  if null done
		    then [d|instance Describe $(conT n) where describe _ = $(stringE (unwords names))|]
		    else pure []
		
		power :: Int -> Code Q (Int -> Int)
		power 0 = [||const 1||]
		power n = [||\x -> x * $$(power (n - 1)) x||]
		
		tupleGetter :: Int -> Int -> Q Exp
		tupleGetter n i = do
		  x <- newName "x"
		  lamE [tupP [if k == i then varP x else wildP | k <- [0 .. n - 1]]] (varE x)
		
		env :: QuasiQuoter
		env = QuasiQuoter
		  { quoteExp = \s -> let ls = map T.strip (T.splitOn ";" (T.pack s))
		      in lift (M.fromList [ (T.unpack k, T.unpack (T.drop 1 v)) | l <- ls, not (T.null l), let (k, v) = T.breakOn "=" l ])
		  , quotePat = \s -> litP (stringL s)
		  , quoteType = \s -> conT (mkName s)
		  , quoteDec = \s -> sequence [ valD (varP (mkName w)) (normalB (stringE w)) [] | w <- words s ]
		  }
		instance (Lift k, Lift v) => Lift (M.Map k v) where
		  liftTyped m = unsafeCodeCoerce [|M.fromList $(lift (M.toList m))|]
		  lift m = [|M.fromList $(lift (M.toList m))|]
		
		splices :: IORef Int
		splices = unsafePerformIO (newIORef 0)
		{-# NOINLINE splices #-}
		next :: Q Exp
		next = runIO (atomicModifyIORef' splices (\n -> (n + 1, n))) >>= lift
	EOF
	cat >T.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell, QuasiQuotes, ForeignFunctionInterface #-}
		module Main (main) where
		import qualified Data.Map.Strict as M
		import Foreign.C
		import L
		import Language.Haskell.TH
		import Language.Haskell.TH.Syntax
		
		data Shape = Circle | Square { side :: Int } deriving Show
		deriveDescribe ''Shape
		deriveDescribe ''Shape
		[env|alpha beta|]
		
		f :: [env|Int|] -> String
		f _ = "typed"
		g :: String -> Bool
		g [env|magic|] = True
		g _ = False
		
		$(do d <- [d|helper :: Int -> Int; helper x = x * 2|]; pure d)
		
		$(recover (pure []) (fail "not seen" >> pure []))
		
		$(do
		   addForeignSource LangC "int added_c(int x) { return x * 11; }"
		   d <- forImpD cCall unsafe "added_c" (mkName "addedC") [t|CInt -> CInt|]
		   pure [d])
		
		$(do
		   n <- newName "top"
		   d <- valD (varP n) (normalB [|77 :: Int|]) []
		   addTopDecls [d]
		   pure [])
		
		$(do addModFinalizer (runIO (putStrLn "finalised")); pure [])
		
		$(reportWarning "a warning of a splice" >> pure [])
		
		main :: IO ()
		main = do
		  putStrLn (describe Circle)
		  print ($$(power 5) 2)
		  print ($(tupleGetter 3 1) (1, 'b', "c"))
		  print [env|a=1; b=2|]
		  putStrLn (alpha ++ beta)
		  putStrLn (f 3)
		  print (g "magic", g "x")
		  print (helper 21)
		  print (addedC 3)
		  print ($next + $next * 10 :: Int)
		  putStrLn $(do loc <- location; stringE (loc_filename loc ++ " " ++ show (fst (loc_start loc))))
		  putStrLn $(do info <- reify 'M.insertWith; case info of VarI n _ _ -> stringE (show n); _ -> stringE "other")
		  print $(do is <- reifyInstances ''Show [ConT ''Shape]; lift (length is))
		  print $(isExtEnabled TemplateHaskell >>= lift)
		  putStrLn $(do Just n <- lookupValueName "helper"; f <- reifyFixity n; stringE (show f))
		  print $(do m <- thisModule; ModuleInfo ms <- reifyModule m; lift (length ms > 3))
		  putStrLn $(reifyType 'helper >>= stringE . pprint)
		  print $(recover [|"recovered"|] (reify (mkName "nonesuch") >> [|"no"|]))
		  print $(getQ >>= \m -> case m of Nothing -> putQ (5 :: Int) >> [|0 :: Int|]; Just n -> lift (n :: Int))
		  print $(addTempFile ".txt" >>= \p -> runIO (writeFile p "x") >> [|()|])
	EOF
	works "${HGHC[@]}" T.hs -o p
	says 'a warning of a splice'
	says finalised
	is_static p
	run ./p
	cat >want <<-'END'
		Circle Square
		32
		'b'
		fromList [("a","1"),("b","2")]
		alphabeta
		typed
		(True,False)
		42
		33
		10
		T.hs 51
		Data.Map.Strict.Internal.insertWith
		1
		True
		Nothing
		True
		GHC.Types.Int -> GHC.Types.Int
		"recovered"
		0
		()
	END
	diff - want <<<"$output"
	rm -f ./*.o ./*.hi
	as_stock T.hs
}

@test "foreign sources of splices: C, assembly, objects, what can't be" {
	cat >T.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		import Foreign.C
		import Language.Haskell.TH
		import Language.Haskell.TH.Syntax
		$(do
		   addForeignSource LangC "int from_c(int x) { return x + 1; }"
		   addForeignSource LangAsm
		     ".globl from_asm\nfrom_asm: lea (%rdi,%rdi), %eax; ret\n"
		   o <- addTempFile ".o"
		   runIO (readFile "object" >>= \f -> readFile f `seq` copy f o)
		   addForeignFilePath RawObject o
		   let imp c h = forImpD cCall unsafe c (mkName h)
		         [t|CInt -> CInt|]
		   sequence [imp "from_c" "c", imp "from_asm" "a", imp "from_o" "o"])
		main :: IO ()
		main = print (c 1, a 2, o 3)
	EOF
	# Strings can't hold an object's bytes.
	sed -i 's/runIO (readFile "object" .*/runIO (copy o)/' T.hs
	sed -i '/^import Language.Haskell.TH$/i import Copy' T.hs
	printf '%s\n' 'module Copy where' 'import System.Process' \
		'copy :: FilePath -> IO ()' \
		'copy o = callProcess "cp" ["from.o", o]' >Copy.hs
	echo 'int from_o(int x) { return x * x; }' >from.c
	works halvm-cc -c from.c
	works "${HGHC[@]}" T.hs -o p
	[ "$(./p)" = '(2,4,9)' ]
	cat >U.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		import Language.Haskell.TH.Syntax
		addForeignSource LangC "int f(void) { return no_such; }" >> pure []
		main :: IO ()
		main = pure ()
	EOF
	run timeout 60 "${HGHC[@]}" U.hs -o u
	[ "$status" = 1 ]
	says no_such
}

# network: Main uses splices of A and B; those use C, and data.txt
network() {
	cat >C.hs <<-'EOF'
		module C where
		import qualified Data.Map as M
		import qualified Data.Text as T
		table :: M.Map T.Text Int
		table = M.fromList (zip (T.words (T.pack "one two three")) [1 ..])
	EOF
	cat >A.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		module A where
		import C
		import qualified Data.Map as M
		import qualified Data.Text as T
		import Language.Haskell.TH.Syntax
		number :: String -> Q Exp
		number w = lift (table M.! T.pack w)
		size :: Int
		size = $(lift (M.size table))
	EOF
	cat >B.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		module B where
		import A
		import Language.Haskell.TH.Syntax
		included :: Q Exp
		included = do
		  addDependentFile "data.txt"
		  runIO (readFile "data.txt") >>= lift . (+ size) . read
		three :: Int
		three = $(number "three")
	EOF
	cat >Main.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		import A
		import B
		main :: IO ()
		main = print ($(included) + $(number "two") * three :: Int)
	EOF
	echo 100 >data.txt
}

# compiled: the modules that the last run compiled
compiled() {
	[ "$(sed -n 's/.*Compiling \([^ ]*\).*/\1/p' <<<"$output" | sort |
		tr '\n' ' ')" = "$1" ] || {
		printf '%s\n' "$output"
		return 1
	}
}

@test "a network of modules, and what is compiled again" {
	network
	make=(halvm-ghc -package-env - -v1 -j2 Main.hs -o p)
	works "${make[@]}"
	[ "$(./p)" = 109 ]
	works "${make[@]}"
	compiled ''
	sleep 1
	echo 200 >data.txt
	works "${make[@]}"
	compiled 'Main '
	[ "$(./p)" = 209 ]
	sleep 1
	sed -i 's/two three/two two three/' C.hs
	works "${make[@]}"
	compiled 'A B C Main '
	[ "$(./p)" = 215 ]
	works "${make[@]}"
	compiled ''
}

# cabal_of_own: a cabal of the test's own, that knows halvm-ghc
cabal_of_own() {
	need_tool cabal
	export CABAL_DIR=$BATS_TEST_TMPDIR/cabal
	mkdir "$CABAL_DIR"
	: >"$CABAL_DIR/config"
	cabal=(cabal build -v1 --with-compiler=halvm-ghc
		--with-hc-pkg=halvm-ghc-pkg --enable-library-for-ghci
		--enable-split-sections)
}

@test "splices call C of their own package and of others, by cabal" {
	cabal_of_own
	mkdir a b
	printf '%s\n' 'packages: a b' >cabal.project
	cat >a/a.cabal <<-'EOF'
		cabal-version: 2.2
		name: a
		version: 1
		build-type: Simple
		library
		  exposed-modules: A
		  build-depends: base, template-haskell, text
		  c-sources: a.c
		  default-language: Haskell2010
	EOF
	cat >a/A.hs <<-'EOF'
		module A where
		import qualified Data.Text as T
		import Foreign.C
		import Language.Haskell.TH.Syntax
		foreign import ccall unsafe "a_fun" fun :: CInt -> CInt
		foreign import ccall unsafe "a_counts" counts :: IO CInt
		spell :: Int -> Q Exp
		spell n = do
		  k <- runIO counts
		  lift (T.unpack (T.replicate n (T.pack "a")), toInteger k,
		    toInteger (fun 5))
	EOF
	cat >a/a.c <<-'EOF'
		#include <stdio.h>
		static int n;
		int a_fun(int x) { return x * 100; }
		int a_counts(void) { fflush(stdout); return ++n; }
	EOF
	cat >b/b.cabal <<-'EOF'
		cabal-version: 2.2
		name: b
		version: 1
		build-type: Simple
		executable b
		  main-is: Main.hs
		  other-modules: B
		  build-depends: base, template-haskell, a
		  c-sources: b.c
		  default-language: Haskell2010
	EOF
	cat >b/B.hs <<-'EOF'
		module B where
		import Foreign.C
		foreign import ccall unsafe "b_fun" bFun :: CInt -> CInt
	EOF
	echo 'int b_fun(int x) { return x + 7; }' >b/b.c
	cat >b/Main.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		import A
		import B
		main :: IO ()
		main = do
		  print $(spell 3)
		  print $(spell 1)
		  print (bFun 1)
	EOF
	works "${cabal[@]}" b
	run timeout 20 "$(find dist-newstyle -type f -name b -perm -1)"
	[ "$output" = $'("aaa",1,500)\n("a",2,500)\n8' ]
	# What the interpreter loaded: one object with few sections, beside an
	# archive with many.
	object=$(find dist-newstyle -name 'HSa-1*.o')
	archive=$(find dist-newstyle -name 'libHSa-1*.a')
	sections() { readelf -hW "$1" | awk '/Number of section/ { n += $NF }
		END { print n }'; }
	[ "$(sections "$object")" -lt 40 ]
	[ "$(sections "$archive")" -gt 60 ]
}

@test "errors in splices are told, and are as stock GHC's" {
	i=0
	while IFS= read -r splice; do
		i=$((i + 1))
		printf '%s\n' '{-# LANGUAGE TemplateHaskell #-}' \
			"module E$i where" 'import Control.Exception' \
			'import Language.Haskell.TH' \
			'import Language.Haskell.TH.Syntax' \
			'import System.Exit' "f = \$($splice)" >E$i.hs
		run timeout 60 "${HGHC[@]}" -c E$i.hs
		[ "$status" = 1 ]
		says "E$i.hs:7:"
		rm -rf stock ours
		as_stock -c E$i.hs
	done <<-'EOF'
		fail "this way"
		reportError "one" >> reportError "two" >> [|1|]
		error "pure"
		runIO (throwIO (userError "thrown"))
		runIO (evaluate (1 `div` (0 :: Int))) >>= lift
		runIO (readFile "/no/such/file") >>= stringE
		varE (mkName "nonesuch")
		litE (stringL "x") `sigE` [t|Int|]
		reify (mkName "Nonesuch") >> [|1|]
		head [] :: Q Exp
	EOF
	[ $i = 10 ]
}

@test "hundreds of splices in many modules, collected all the while" {
	cat >L.hs <<-'EOF'
		module L where
		import Control.Concurrent
		import Control.Exception
		import Control.Monad
		import qualified Data.Map as M
		import qualified Data.Text as T
		import Foreign
		import Foreign.C
		import Language.Haskell.TH.Syntax
		import System.Mem
		foreign import ccall unsafe "own_sum" ownSum
		  :: Ptr CInt -> CInt -> IO CInt
		foreign import ccall unsafe "own_apply" apply
		  :: FunPtr (CInt -> IO CInt) -> CInt -> IO CInt
		foreign import ccall "wrapper" wrap
		  :: (CInt -> IO CInt) -> IO (FunPtr (CInt -> IO CInt))
		work :: Int -> Q Exp
		work n = do
		  Just m <- lookupTypeName "Int"
		  _ <- reify m
		  r <- runIO $ do
		    when (n `mod` 3 == 0) performMajorGC
		    xs <- evaluate (M.fromList [(i, show i) | i <- [1 .. 99 + n]])
		    v <- newMVar 0
		    done <- newEmptyMVar
		    forM_ [1 .. 4] $ \i -> forkIO $
		      modifyMVar_ v (pure . (+ i)) >> yield >> putMVar done ()
		    replicateM_ 4 (takeMVar done)
		    when (n `mod` 7 == 0) (threadDelay 2000)
		    s <- withArrayLen [1 .. fromIntegral n] $ \k p ->
		      ownSum p (fromIntegral k)
		    f <- wrap (\x -> performMinorGC >> pure (x * 2))
		    t <- apply f (fromIntegral n)
		    freeHaskellFunPtr f
		    let l = T.length (T.replicate n (T.pack "x"))
		    a <- takeMVar v
		    evaluate (M.size xs + a + fromIntegral (s + t) + l)
		  lift r
	EOF
	cat >own.c <<-'EOF'
		int own_sum(const int *p, int n)
		{
			int s = 0;
			for (int i = 0; i < n; i++)
				s += p[i];
			return s;
		}
		int own_apply(int (*f)(int), int x) { return f(x) + 1; }
	EOF
	{
		printf 'module Main where\n'
		printf 'import qualified M%d\n' 1 2 3 4
		printf 'main :: IO ()\nmain = print (sum (concat [M1.vs'
		printf ', M%d.vs' 2 3 4
		printf ']))\n'
	} >Main.hs
	for m in 1 2 3 4; do
		printf '%s\n' '{-# LANGUAGE TemplateHaskell #-}' \
			"module M$m where" 'import L' 'vs :: [Int]' 'vs ='
		for i in $(seq 60); do
			printf '  $(work %d) :\n' $((i % 30 + m))
		done
		echo '  []'
	done | csplit -s -z -f M -b %d.hs - '/^{-#/' '{*}'
	for m in 4 3 2 1; do
		mv M$((m - 1)).hs M$m.hs
	done
	want=$(awk 'BEGIN {
		for (m = 1; m <= 4; m++)
			for (i = 1; i <= 60; i++) {
				n = i % 30 + m
				sum += 110 + 4 * n + n * (n + 1) / 2
			}
		print sum }')
	for flags in '-I0.001 -A64k' '-A16k -c' '-A32k -F1.2 -G3'; do
		opti=()
		for f in $flags; do
			opti+=("-opti$f")
		done
		works "${HGHC[@]}" -j2 -fforce-recomp -opti+RTS "${opti[@]}" \
			-opti-RTS Main.hs own.c -o p
		run ./p
		[ "$output" = "$want" ] || {
			echo "$flags: $output"
			return 1
		}
	done
}
