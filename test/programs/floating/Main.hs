-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Double and Float: show, read, rounding, special values, formats.
import Numeric

main :: IO ()
main = do
  print [0.1, 1 / 3, 1e7, 9999999, 1e-2, 0.1 + 0.2, 5.0e-324, 1.7976931348623157e308 :: Double]
  print [0.1, 1 / 3, 16777217, 1e-45, 3.4028235e38 :: Float]
  print [1 / 0, -1 / 0, 0 / 0, -0.0 :: Double]
  print (map (read :: String -> Double) ["1", "1.5e3", "2e-400", "1e400", "NaN", "-Infinity"])
  print [round x :: Int | x <- [0.5, 1.5, 2.5, -0.5, -1.5, 2.4999 :: Double]]
  print [(truncate x, ceiling x, floor x) :: (Int, Int, Int) | x <- [-2.7, 2.7 :: Double]]
  print (properFraction (-3.75 :: Double) :: (Int, Double))
  print (decodeFloat (pi :: Double), significand (8 :: Float), exponent (8 :: Double))
  print (encodeFloat 3 70 :: Double, scaleFloat 4 (1.5 :: Double))
  print (isNaN (0 / 0 :: Double), isInfinite (1 / 0 :: Float), isNegativeZero (-0.0 :: Double),
         isDenormalized (1e-310 :: Double))
  print (realToFrac (0.1 :: Float) :: Double, realToFrac (1e300 :: Double) :: Float)
  print (toRational (0.1 :: Double), fromRational 0.1 :: Float)
  putStrLn (showFFloat (Just 2) (3.14159 :: Double) "" ++ " " ++ showEFloat (Just 3) (123456.789 :: Double) ""
            ++ " " ++ showGFloat (Just 2) (1e-5 :: Double) "" ++ " " ++ showHFloat (0.1 :: Double) "")
  print (floatToDigits 10 (1.25e10 :: Double), showFFloatAlt Nothing (5 :: Double) "")
  -- Two C libraries may differ in the last bit of these.
  rounded 13 [exp 1, log 10, sin 1, cos 1, tan 1 :: Double]
  rounded 13 [asin 1, acos 0.5, atan 1, sinh 1, cosh 1, tanh 0.5 :: Double]
  rounded 13 [asinh 1, acosh 2, atanh 0.5, 2 ** 0.5, logBase 2 1024, atan2 (-1) (-1) :: Double]
  rounded 5 [exp 1, log 10, sin 1, 2 ** 0.5 :: Float]
  print (sqrt 2 :: Double, sqrt 2 :: Float)
  print (sqrt (-1) :: Double, 0 ** 0 :: Double, max (0 / 0) 1 :: Double, compare 1 (0 / 0 :: Double))
  print [1, 1.5 .. 3 :: Double]
  print (2 ^ (10 :: Int) :: Double, 2 ^^ (-3 :: Int) :: Double, fromIntegral (maxBound :: Int) :: Double)
 where
  rounded n = putStrLn . unwords . map (\x -> showFFloat (Just n) x "")
