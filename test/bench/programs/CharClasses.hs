-- SPDX-License-Identifier: BSD-3-Clause
-- Calls to the C side's pure functions: Unicode classes and case maps.
module Main (main) where

import System.Environment (getArgs)
import Data.Char
import Data.List (foldl')

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let chars = map toEnum [0 .. size `min` 0x2ffff]
      count p = foldl' (\n c -> if p c then n + 1 else n) (0 :: Int) chars
  print (map count [isAlpha, isUpper, isSpace, isPunctuation, isPrint, isAlphaNum])
  let text = take (size * 2) (cycle "Some Mixed Text, \196\214\220 \1046\1083\1102 42!")
  print (foldl' (\h c -> (h * 31 + ord (toUpper c)) `mod` 1000003) 7 text)
  print (length (words (map (\c -> if isAlpha c then toLower c else ' ') text)))
  print (foldl' (\h x -> h + truncate (sin x * 1000) + round (x ** 0.5)) (0 :: Int) (map fromIntegral [1 .. size :: Int] :: [Double]))
