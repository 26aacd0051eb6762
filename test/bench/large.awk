# SPDX-License-Identifier: BSD-3-Clause
#
# Writes a larger program to measure compilers by: -v modules=N modules of
# records, variants, classes and functions over them, and a Main that uses all.
# -v dir=FOLDER says where. One source, so that both compilers see the same.

function line(text) { print text > file }

function module_head(m) {
	file = dir "/Part" m ".hs"
	line("module Part" m " where")
	line("import qualified Data.Map.Strict as M")
	line("import Data.Char (toUpper, isDigit)")
	line("import Data.List (sortBy, foldl')")
	line("import Control.Monad.State")
	line("import Text.Read (readMaybe)")
	if (m > 1)
		line("import qualified Part" m - 1 " as Prev")
}

function record(m, k) {
	line("data R" k " = R" k " { name" k " :: String, size" k " :: !Int, next" k " :: Maybe R" k ", tags" k " :: [(Int, Double)] } deriving (Eq, Ord, Show, Read)")
	line("data V" k " = A" k " Int | B" k " R" k " | C" k " [V" k "] | D" k " { left" k ", right" k " :: V" k " } deriving (Eq, Show)")
}

function functions(m, k) {
	line("total" k " :: V" k " -> Int")
	line("total" k " v = case v of { A" k " n -> n * " k "; B" k " r -> size" k " r + maybe 0 (total" k " . B" k ") (next" k " r); C" k " vs -> sum (map total" k " vs); D" k " l r -> total" k " l + total" k " r }")
	line("build" k " :: Int -> V" k)
	line("build" k " n | n <= 0 = A" k " " k " | n `mod` 3 == 0 = C" k " [build" k " (n - 1), A" k " n] | n `mod` 3 == 1 = D" k " (build" k " (n - 2)) (B" k " (R" k " (show n) n Nothing [(n, fromIntegral n / 2)])) | otherwise = B" k " (R" k " \"x\" n (Just (R" k " \"y\" 1 Nothing [])) [])")
	line("index" k " :: [R" k "] -> M.Map String Int")
	line("index" k " = foldl' (\\m r -> M.insertWith (+) (map toUpper (name" k " r)) (size" k " r) m) M.empty")
	line("run" k " :: Int -> State (M.Map Int String) Int")
	line("run" k " n = do { m <- get; when (M.size m < " k " + 3) (put (M.insert n (show (total" k " (build" k " n))) m)); s <- gets M.elems; pure (length (filter (all isDigit) s) + maybe 0 id (readMaybe (show n))) }")
	line("order" k " :: [V" k "] -> [Int]")
	line("order" k " = map total" k " . sortBy (\\a b -> compare (total" k " b) (total" k " a))")
}

BEGIN {
	types = 8
	for (m = 1; m <= modules; m++) {
		module_head(m)
		for (k = 1; k <= types; k++)
			record(m, k)
		for (k = 1; k <= types; k++)
			functions(m, k)
		line("part :: Int -> Int")
		text = "part n = " (m > 1 ? "Prev.part (n - 1)" : "n")
		for (k = 1; k <= types; k++)
			text = text " + evalState (run" k " n) M.empty + sum (order" k " [build" k " n, build" k " 2])"
		line(text)
		close(file)
	}
	file = dir "/Main.hs"
	line("module Main (main) where")
	line("import Part" modules)
	line("main :: IO ()")
	line("main = print (map part [1 .. 5])")
}
