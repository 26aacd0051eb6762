-- SPDX-License-Identifier: BSD-3-Clause
-- Shows ghc-compact: compacting, sharing, sizes, failure on functions.
import Control.Exception
import qualified Data.Map as M
import Data.IORef
import GHC.Compact
import GHC.Compact.Serialized
import System.Mem

main :: IO ()
main = do
  let m = M.fromList [(i, show i) | i <- [1 .. 2000 :: Int]]
  c <- compact m
  performMajorGC
  print (M.lookup 1234 (getCompact c), M.size (getCompact c))
  n <- compactSize c
  print (n > 100000, n < 10000000)
  inCompact c (getCompact c) >>= print
  inCompact c "elsewhere" >>= print
  isCompact (getCompact c) >>= print
  d <- compactAdd c [1, 2, 3 :: Int]
  print (sum (getCompact d))
  let s = let shared = [1 .. 100 :: Int] in (shared, shared)
  e <- compactWithSharing s
  f <- compact s
  a <- compactSize e
  b <- compactSize f
  print (a <= b, fst (getCompact e) == snd (getCompact f))
  r <- newIORef 'x'
  x <- try (compact (r, 'y'))
  putStrLn (either (\(CompactionFailed why) -> why) (const "compacted?") x)
  y <- try (compact (succ :: Int -> Int))
  putStrLn (either (\(CompactionFailed why) -> why) (const "compacted?") y)
  z <- withSerializedCompact c (\sc -> pure (length (serializedCompactBlockList sc) > 0))
  print z
