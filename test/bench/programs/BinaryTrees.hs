-- SPDX-License-Identifier: BSD-3-Clause
-- Allocation and collection: many short-lived trees, one long-lived.
module Main (main) where

import System.Environment (getArgs)
data Tree = Nil | Node Tree Tree

make :: Int -> Tree
make 0 = Node Nil Nil
make d = Node (make (d - 1)) (make (d - 1))

check :: Tree -> Int
check Nil = 0
check (Node l r) = 1 + check l + check r

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let long = make size
  print (check long)
  mapM_ (\d -> let k = 2 ^ (size - d) :: Int
               in print (d, k, sum [check (make (d + i `mod` 2)) | i <- [1 .. k]]))
        [4, 8 .. size :: Int]
  print (check long)
