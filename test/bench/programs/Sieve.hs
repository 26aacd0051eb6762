-- SPDX-License-Identifier: BSD-3-Clause
-- Mutable bit arrays: primes by striking out.
module Main (main) where

import System.Environment (getArgs)
import Control.Monad
import Data.Array.ST
import Data.Array.Unboxed

sieve :: Int -> UArray Int Bool
sieve n = runSTUArray $ do
  a <- newArray (2, n) True
  forM_ [2 .. n] $ \i -> when (i * i <= n) $ do
    p <- readArray a i
    when p $ forM_ [i * i, i * i + i .. n] $ \j -> writeArray a j False
  pure a

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let s = sieve size
  print (length (filter id (elems s)))
  print (last [i | (i, True) <- assocs s])
