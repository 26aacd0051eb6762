-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Integer: large products, division in all its signs, gcd, powers.
import Data.Bits
import Data.Ratio

main :: IO ()
main = do
  let f n = product [1 .. n] :: Integer
  print (f 60)
  print (length (show (f 3000)), f 3000 `mod` (10 ^ (9 :: Int) + 7))
  print (f 1000 `div` f 998, f 1000 `rem` (f 20 + 1))
  let xs = [-(2 ^ (70 :: Int)) - 5, -7, 7, 2 ^ (65 :: Int) + 3] :: [Integer]
      ys = [-(2 ^ (33 :: Int)), -3, 3, 2 ^ (64 :: Int) - 1]
  mapM_ print [(quotRem x y, divMod x y) | x <- xs, y <- ys]
  print [gcd x y | x <- xs, y <- ys]
  print (lcm (f 20) (2 ^ (40 :: Int) * 23), gcd (f 50) (3 ^ (60 :: Int)))
  print (powMod 3 (f 30) (2 ^ (127 :: Int) - 1))
  print (powMod 2 (2 ^ (61 :: Int) - 2) (2 ^ (61 :: Int) - 1))
  print (isqrt (2 * 10 ^ (100 :: Int)))
  print (map signum xs, map abs xs, negate (head xs))
  print (compare (2 ^ (64 :: Int)) (2 ^ (64 :: Int) + 1 :: Integer), xs == xs)
  print (fromInteger (2 ^ (64 :: Int) + 5) :: Int, toInteger (minBound :: Int) - 1)
  print (fromInteger (10 ^ (30 :: Int)) :: Double, truncate 1e30 :: Integer)
  print (map (\x -> fromInteger x :: Float) xs)
  print (f 25 % f 23 + 1 % 3, numerator (f 10 % f 12))
  print (popCount (f 40), testBit (f 40) 100, shiftR (f 40) 100)
 where
  powMod b e m
    | e == 0 = 1
    | even e = let h = powMod b (e `div` 2) m in h * h `mod` m
    | otherwise = b * powMod b (e - 1) m `mod` m :: Integer
  isqrt :: Integer -> Integer
  isqrt n = go n where
    go x = let y = (x + n `div` x) `div` 2 in if y >= x then x else go y
