-- SPDX-License-Identifier: BSD-3-Clause
-- Balanced trees: Map, IntMap and Set filled, changed, joined and folded.
module Main (main) where

import System.Environment (getArgs)
import Data.List (foldl')
import qualified Data.IntMap.Strict as I
import qualified Data.Map.Strict as M
import qualified Data.Set as S

keys :: Int -> [Int]
keys n = take n (iterate (\x -> (x * 1103515245 + 12345) `mod` 2147483648) 42)

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let ks = keys size
      m = foldl' (\t k -> M.insertWith (+) (k `mod` 30000) 1 t) M.empty ks
      i = foldl' (\t k -> I.insertWith (+) k 1 t) I.empty ks
      s = foldl' (flip S.insert) S.empty (map show (take (size `div` 5) ks))
      m' = foldl' (flip M.delete) m [0, 3 .. 30000]
  print (M.size m, M.foldl' (+) 0 m, M.size m')
  print (I.size i, I.foldlWithKey' (\a k v -> (a * 7 + k * v) `mod` 1000003) 0 i)
  print (S.size s, S.findMin s, S.member "42" s)
  print (M.size (M.unionWith (+) m (M.mapKeys (* 2) m')), I.size (I.filter even (I.map (+ 1) i)))
