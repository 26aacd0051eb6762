-- SPDX-License-Identifier: BSD-3-Clause
-- Numbers as text: show and read of Double and Int, showFFloat.
module Main (main) where

import System.Environment (getArgs)
import Numeric

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let xs = take size (iterate (\x -> let y = x * 3.9 * (1 - x) in y) 0.31337) :: [Double]
      ys = map (\x -> x * 1e10) xs
      shown = map show (xs ++ ys)
  print (length (concat shown))
  print (sum (map read (take (size `div` 5) shown)) == sum (take (size `div` 5) (xs ++ ys)))
  print (length (concatMap (\x -> showFFloat (Just 3) x " ") ys))
  print (length (concatMap (\x -> showHex (round x :: Int) " ") ys))
  print (sum (map read (words (unwords (map show [1 .. size :: Int])))) :: Int)
