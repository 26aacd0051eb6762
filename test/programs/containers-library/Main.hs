-- SPDX-License-Identifier: BSD-3-Clause
-- Shows containers: Map, IntMap, Set, Seq, Tree, Graph and their laws.
import Data.Foldable (foldl', toList)
import qualified Data.Graph as G
import qualified Data.IntMap.Strict as I
import qualified Data.IntSet as IS
import qualified Data.Map.Strict as M
import qualified Data.Sequence as Q
import Data.Sequence ((<|), (|>))
import qualified Data.Set as S
import qualified Data.Tree as T

lcg :: Int -> Int
lcg x = (x * 1103515245 + 12345) `mod` 2147483648

main :: IO ()
main = do
  let ks = take 5000 (iterate lcg 42)
      m = foldl' (\a k -> M.insertWith (+) (k `mod` 700) k a) M.empty ks
  print (M.size m, M.foldl' xor' 0 m, M.lookupMin m, M.lookupMax m, M.valid m)
  print (M.toDescList (M.filter even (M.map (`mod` 10) (fst (M.split 12 m)))))
  print (M.foldrWithKey (\k v a -> (k * 7 + v + a) `mod` 1000003) 0 (M.unionWith max m (M.map negate m)))
  print (M.alter (fmap (+ 1)) 1 (M.fromList [(1, 1), (2, 2 :: Int)]), M.elemAt 3 m, M.findIndex 5 m)
  print (M.partition (> 2) (M.fromListWith (++) [(1 :: Int, [1]), (1, [2 :: Int]), (2, [3])] M.! 1 `seq` M.fromList (zip "abc" [1 :: Int ..])))
  let im = I.fromListWith (+) [(k `mod` 997 - 500, 1 :: Int) | k <- ks]
  print (I.size im, I.findMin im, I.findMax im, I.foldl' (+) 0 im, I.lookupLT 0 im, I.lookupGE 0 im)
  print (I.toList (I.intersectionWith (,) (I.fromList [(i, i) | i <- [0, 3 .. 30]]) (I.fromList [(i, -i) | i <- [0, 5 .. 30]])))
  let s = S.fromList (map (`mod` 100) ks)
  print (S.size s, S.toList (S.difference s (S.fromList [10 .. 95])), S.isSubsetOf (S.singleton 5) s, S.elemAt 7 s)
  print (IS.toList (IS.map (`div` 2) (IS.fromList [-9 .. 9])), IS.member 63 (IS.fromList [63, 64]))
  print (S.toList (S.powerSet (S.fromList "abc")))
  let q = foldl' (|>) Q.empty [1 .. 1000 :: Int]
  print (Q.length q, Q.index q 500, toList (Q.take 3 (Q.reverse (0 <| q))), sum (Q.update 3 0 q))
  print (Q.sort (Q.fromList "sequence"), Q.chunksOf 2 (Q.fromList [1 .. 5 :: Int]), Q.viewl (Q.fromList "x"))
  let g = [("d", 4, [1]), ("a", 1, [2]), ("b", 2, [3]), ("c", 3, [1]), ("e", 5, [4 :: Int])]
  print (map G.flattenSCC (G.stronglyConnComp g))
  let (gr, _, _) = G.graphFromEdges g
  print (G.topSort (G.transposeG gr), map T.flatten (G.components gr), G.path gr 4 0)
  putStr (T.drawTree (fmap show (T.unfoldTree (\n -> (n, [2 * n | n < 5] ++ [2 * n + 1 | n < 4])) (1 :: Int))))
 where
  xor' a b = (a * 31 + b) `mod` 1000000007
