-- SPDX-License-Identifier: BSD-3-Clause
-- Unboxed arrays and floating point: the norm of an infinite matrix.
{-# LANGUAGE BangPatterns #-}
module Main (main) where

import System.Environment (getArgs)
import Data.Array.Base
import Data.Array.Unboxed

type V = UArray Int Double

a :: Int -> Int -> Double
a i j = 1 / fromIntegral ((i + j) * (i + j + 1) `div` 2 + i + 1)

mul :: Int -> (Int -> Int -> Double) -> V -> V
mul n f v = listArray (0, n - 1) [row i 0 0 | i <- [0 .. n - 1]]
 where
  row !i !j !s
    | j == n = s
    | otherwise = row i (j + 1) (s + f i j * unsafeAt v j)

step :: Int -> V -> V
step n = mul n (flip a) . mul n a

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let u = iterate (step size) (listArray (0, size - 1) (replicate size 1)) !! 8
      v = step size u
      dot x y = sum (zipWith (*) (elems x) (elems y))
      r = sqrt (dot u v / dot v v)
  print (fromIntegral (round (r * 1e9 * 1e3) :: Int) / 1e9 :: Double)
