-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Data.Ratio, Data.Fixed and Data.Complex.
import Control.Exception
import Data.Complex
import Data.Fixed
import Data.Ratio

main :: IO ()
main = do
  let r = 3 % (-12) :: Rational
  print (r, numerator r, denominator r, recip r, r ^^ (-2 :: Int))
  print (map (truncate :: Rational -> Integer) [7 % 2, -7 % 2], round (5 % 2 :: Rational) :: Int)
  print (approxRational (pi :: Double) 0.001, fromRational (22 % 7) :: Double)
  print (sum [1 % n | n <- [1 .. 20]] :: Rational)
  e <- try (evaluate (1 % 0 :: Rational))
  print (e :: Either ArithException Rational)
  print (read "5 % 10" :: Rational, [1 % 2 .. 3] :: [Rational])
  print (1.005 :: Centi, 2 / 3 :: Milli, (-1.5) * 1.5 :: Deci, 1e-12 :: Pico)
  print (5.5 `mod'` 2 :: Double, (-5.5) `divMod'` 2 :: (Int, Double))
  print (resolution (1 :: Micro), MkFixed 12345 :: Fixed E3, read "3.25" :: Centi)
  print (map (floor :: Centi -> Int) [2.99, -2.01], realToFrac (3.14159 :: Double) :: Centi)
  let z = (1 :+ 2) * (3 :+ (-1)) :: Complex Double
  print (z, magnitude (3 :+ 4 :: Complex Double), phase ((-1) :+ 0 :: Complex Double))
  print (realPart z, imagPart z, conjugate z, z / (0 :+ 1))
  print (cis 0 :: Complex Double, mkPolar 2 0 :: Complex Double, sqrt ((-4) :+ 0) :: Complex Double)
  print (fmap negate z, polar (0 :+ 1 :: Complex Double))
