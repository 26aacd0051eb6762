-- SPDX-License-Identifier: BSD-3-Clause
-- Big integers: factorials, Fibonacci numbers, powers, show and read.
module Main (main) where

import System.Environment (getArgs)
fib :: Int -> Integer
fib n = fst (go n)
 where
  go 0 = (0, 1)
  go k = let (a, b) = go (k `div` 2)
             c = a * (2 * b - a)
             d = a * a + b * b
         in if even k then (c, d) else (d, c + d)

powMod :: Integer -> Integer -> Integer -> Integer
powMod b e m
  | e == 0 = 1
  | even e = let h = powMod b (e `div` 2) m in h * h `mod` m
  | otherwise = b * powMod b (e - 1) m `mod` m

main :: IO ()
main = do
  [size] <- map read <$> getArgs :: IO [Int]
  let f = product [1 .. fromIntegral size :: Integer]
      s = show f
  print (length s, (read s :: Integer) == f)
  print (length (show (fib (size * 50))))
  print (gcd f (fib (size * 4)) `mod` 1000000007)
  print (length [p | p <- [3, 5 .. fromIntegral size], powMod 2 (p - 1) p == 1])
  print (sum [x * x `div` 7 | x <- [2 ^ (62 :: Int) .. 2 ^ (62 :: Int) + fromIntegral size * 25 :: Integer]] `mod` 997)
