-- SPDX-License-Identifier: BSD-3-Clause
-- Boxed and unboxed arrays: dynamic programming over tables.
module Main (main) where

import System.Environment (getArgs)
import Data.Array
import qualified Data.Array.Unboxed as U

lcs :: String -> String -> Int
lcs a b = table ! (0, 0)
 where
  n = length a
  m = length b
  x = listArray (0, n - 1) a
  y = listArray (0, m - 1) b
  table = listArray ((0, 0), (n, m)) [f i j | i <- [0 .. n], j <- [0 .. m]] :: Array (Int, Int) Int
  f i j
    | i == n || j == m = 0
    | x ! i == y ! j = 1 + table ! (i + 1, j + 1)
    | otherwise = max (table ! (i + 1, j)) (table ! (i, j + 1))

coins :: [Int] -> Int -> Int
coins cs n = foldl step base cs U.! n
 where
  base = U.listArray (0, n) (1 : replicate n 0) :: U.UArray Int Int
  step :: U.UArray Int Int -> Int -> U.UArray Int Int
  step t c =
    let r = listArray (0, n) [t U.! i + (if i >= c then r ! (i - c) else 0) | i <- [0 .. n]] :: Array Int Int
    in U.listArray (0, n) (elems r)

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let s k = take (size `div` 60) (map (toEnum . (+ 97) . (`mod` 7) . (`div` 16)) (iterate (\v -> (v * 69069 + 1) `mod` 65536) k))
  print (lcs (s 1) (s 99))
  print (coins [1, 2, 5, 10, 20, 50, 100, 200] size `mod` 1000000007)
