-- SPDX-License-Identifier: BSD-3-Clause
-- Big integers: digits of pi by a spigot.
module Main (main) where

import System.Environment (getArgs)
-- Gibbons' unbounded spigot.
digits :: [Integer]
digits = go (1, 0, 1, 1, 3, 3)
 where
  go (q, r, t, k, n, l)
    | 4 * q + r - t < n * t =
        n : go (10 * q, 10 * (r - n * t), t, k, (10 * (3 * q + r)) `div` t - 10 * n, l)
    | otherwise =
        go (q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) `div` (t * l), l + 2)

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let ds = take size digits
  putStrLn (concatMap show (take 50 ds))
  print (sum ds, last ds)
