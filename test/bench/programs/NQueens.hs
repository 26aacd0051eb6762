-- SPDX-License-Identifier: BSD-3-Clause
-- Lists and backtracking: the ways to place queens.
module Main (main) where

import System.Environment (getArgs)
queens :: Int -> [[Int]]
queens n = go n
 where
  go 0 = [[]]
  go k = [q : qs | qs <- go (k - 1), q <- [1 .. n], safe q qs]
  safe q qs = and [q /= c && abs (q - c) /= d | (d, c) <- zip [1 ..] qs]

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  print (length (queens size))
  print (head (queens (size + 5)))
