-- SPDX-License-Identifier: BSD-3-Clause
-- Laziness: primes, Hamming numbers and triangles as infinite lists.
module Main (main) where

import System.Environment (getArgs)
primes :: [Int]
primes = 2 : filter (\n -> all (\p -> n `mod` p /= 0) (takeWhile (\p -> p * p <= n) primes)) [3, 5 ..]

hamming :: [Integer]
hamming = 1 : merge (map (* 2) hamming) (merge (map (* 3) hamming) (map (* 5) hamming))
 where
  merge a@(x : xs) b@(y : ys) = case compare x y of
    LT -> x : merge xs b
    GT -> y : merge a ys
    EQ -> x : merge xs ys
  merge _ _ = []

pascal :: [[Integer]]
pascal = iterate (\r -> zipWith (+) (0 : r) (r ++ [0])) [1]

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  print (primes !! size)
  print (hamming !! (size * 8))
  print (sum (pascal !! (size `div` 60)) == 2 ^ (size `div` 60))
