-- SPDX-License-Identifier: BSD-3-Clause
-- Lists of characters: words, sorting, joining, searching, folding.
module Main (main) where

import System.Environment (getArgs)
import Data.Char
import Data.List

source :: [String]
source = [w ++ show (k `mod` 100) | (k, w) <- zip (iterate (\x -> (x * 69069 + 1) `mod` 65536) (1 :: Int)) (cycle ["alpha", "Beta", "gamma", "DELTA", "epsilon"])]

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let t = unwords (take size source)
      ws = words (map toLower t)
      gs = map (\g -> (length g, head g)) (group (sort ws))
  print (length t, length ws, length gs)
  print (take 3 (sortBy (flip compare) gs))
  print (length (filter (isInfixOf "ta4") ws), length (nub (map (take 3) (take 2000 ws))))
  print (foldl' (\h c -> (h * 33 + ord c) `mod` 1000003) 5381 (intercalate ", " (map reverse ws)))
  print (length (lines (concatMap (\c -> if c == 'g' then "\n" else [toUpper c]) t)))
