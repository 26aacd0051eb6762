-- SPDX-License-Identifier: BSD-3-Clause
-- Mutable unboxed arrays: the most flips over all permutations.
{-# LANGUAGE BangPatterns, FlexibleContexts #-}
module Main (main) where

import System.Environment (getArgs)
import Control.Monad
import Control.Monad.ST
import Data.Array.Base
import Data.Array.ST

flips :: STUArray s Int Int -> STUArray s Int Int -> Int -> ST s Int
flips p q n = do
  forM_ [0 .. n - 1] $ \i -> unsafeRead p i >>= unsafeWrite q i
  go 0
 where
  go !c = do
    f <- unsafeRead q 0
    if f == 0 then pure c else rev 0 f >> go (c + 1 :: Int)
  rev i j = when (i < j) $ do
    x <- unsafeRead q i
    y <- unsafeRead q j
    unsafeWrite q i y
    unsafeWrite q j x
    rev (i + 1) (j - 1)

fannkuch :: Int -> (Int, Int)
fannkuch n = runST $ do
  p <- newListArray (0, n - 1) [0 ..]
  q <- newArray (0, n - 1) 0
  c <- newArray (0, n) 0
  loop p q c 0 0 (0 :: Int)
 where
  loop p q c !best !sumv !k = do
    f <- flips p q n
    let best' = max best f
        sumv' = if even k then sumv + f else sumv - f
    more <- next p c 1
    if more then loop p q c best' sumv' (k + 1) else pure (best', sumv')
  next :: STUArray s Int Int -> STUArray s Int Int -> Int -> ST s Bool
  next p c i
    | i >= n = pure False
    | otherwise = do
        x <- unsafeRead p 0
        forM_ [0 .. i - 1] $ \j -> unsafeRead p (j + 1) >>= unsafeWrite p j
        unsafeWrite p i x
        k <- unsafeRead c i
        if k < i then unsafeWrite c i (k + 1) >> pure True
                 else unsafeWrite c i 0 >> next p c (i + 1)

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  print (fannkuch size)
