-- SPDX-License-Identifier: BSD-3-Clause
-- Shows bit operations on negative and huge Integers and on Natural.
import Control.Exception
import Data.Bits
import Numeric
import Numeric.Natural

main :: IO ()
main = do
  let a = 2 ^ (100 :: Int) + 12345 :: Integer
      b = -(2 ^ (90 :: Int)) + 777
  mapM_ print [a .&. b, a .|. b, xor a b, complement a, complement b]
  mapM_ print [shiftL b 67, shiftR b 67, shiftR (-1) 300, shiftL 1 200]
  print (map (testBit b) [0, 1, 63, 64, 90, 200])
  print (popCount a, popCount b, bit 77 .|. (1 :: Integer))
  print (setBit (clearBit a 0) 3, complementBit (-1) 65 :: Integer)
  putStrLn (showHex a "" ++ " " ++ showOct (abs b) "")
  print (fst (head (readHex "ffffffffffffffffffffffff")) :: Integer)
  print (read "-123456789012345678901234567890" :: Integer)
  print (read "0xdeadbeefdeadbeefdead" + read "0o777" :: Integer)
  let digits = concat (replicate 60 "9876543210")
      n = read digits :: Integer
  print (show n == digits, n `mod` 997, length (show (n * n)))
  print (showFFloat (Just 3) (fromInteger (n `div` 10 ^ (590 :: Int)) :: Double) "")
  print (fromIntegral a :: Natural)
  r <- try (evaluate (2 - 3 :: Natural))
  print (r :: Either ArithException Natural)
  s <- try (evaluate (fromInteger (-1) :: Natural))
  print (s :: Either ArithException Natural)
  print (fromIntegral b :: Int, fromIntegral a :: Word)
  print (isSigned a, bitSizeMaybe a, shift a (-50), zeroBits :: Integer)
  t <- try (evaluate (shiftL 1 (-1) :: Integer))
  print (t :: Either ArithException Integer)
