-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Int, Word and their sized kin: overflow, shifts, rotation, counts.
import Control.Exception
import Data.Bits
import Data.Int
import Data.Word

main :: IO ()
main = do
  print (maxBound + 1 :: Int, minBound - 1 :: Int, maxBound + 1 :: Word)
  print (maxBound + 1 :: Int8, maxBound + 1 :: Int16, maxBound + 1 :: Int32)
  print (0 - 1 :: Word8, 0 - 1 :: Word16, 0 - 1 :: Word32, 0 - 1 :: Word64)
  print (fromIntegral (300 :: Int) :: Word8, fromIntegral (200 :: Word8) :: Int8)
  print (fromIntegral (-1 :: Int8) :: Word64, fromIntegral (2 ^ 40 + 7 :: Int)
          :: Int32)
  print [(quotRem x y, divMod x y) | x <- [-7, 7], y <- [-2, 2 :: Int16]]
  print (abs minBound :: Int8, negate 1 :: Word8, signum (-5) :: Int64)
  print (shiftL 1 31 :: Int32, shiftR (-8) 1 :: Int8, shiftR 248 1 :: Word8)
  print (shiftL 1 64 :: Int, shiftR (-1) 64 :: Int, unsafeShiftL 3 4 :: Int)
  print (rotateL 0x81 1 :: Word8, rotateR 0x81 1 :: Word8, rotate 0x1234 8 :: Word16)
  print (popCount (0xff00ff :: Word32), countLeadingZeros (1 :: Word16),
         countTrailingZeros (0 :: Int64))
  print (byteSwap16 0x1234, byteSwap32 0x12345678, byteSwap64 1)
  print (bitReverse8 1, bitReverse32 1)
  print (0x5a .&. complement 0x0f :: Word8, xor 0xff 0x55 :: Int8, testBit (4 :: Int) 2)
  print (finiteBitSize (0 :: Int), finiteBitSize (0 :: Word8))
  print ([250 ..] :: [Word8], [minBound, -64 .. maxBound :: Int8])
  mapM_ fails [ fromIntegral (minBound `div` (-1 :: Int8))
              , fromIntegral (1 `quot` (0 :: Word16))
              , fromIntegral (minBound `mod` (-1 :: Int))
              , fromEnum (pred (0 :: Word)), fromEnum (maxBound :: Word) ]
  print (toEnum 65 :: Word8, read "300" :: Word8, read "-1" :: Int16)
 where
  fails :: Int -> IO ()
  fails x = (evaluate x >>= print) `catch` \e -> print (e :: SomeException)
