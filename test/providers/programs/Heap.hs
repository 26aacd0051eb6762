-- SPDX-License-Identifier: BSD-3-Clause
-- Wants more than it may have; the RTS says so by itself.
module Main (main) where

import System.IO

main :: IO ()
main = do
  hPutStrLn stderr "begins"
  let xs = [1 .. 10000000] :: [Int]
  print (sum xs + length xs)
