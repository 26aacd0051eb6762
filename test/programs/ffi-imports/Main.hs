-- SPDX-License-Identifier: BSD-3-Clause
-- Shows foreign imports: libc and own C, safe and unsafe, pure and IO, every
-- argument type, many arguments, errno, strings, buffers.
{-# LANGUAGE CApiFFI #-}
import Control.Exception
import Data.Int
import Data.Word
import Foreign
import Foreign.C

foreign import ccall unsafe "math.h sin" c_sin :: CDouble -> CDouble
foreign import ccall "stdlib.h abs" c_abs :: CInt -> CInt
foreign import ccall unsafe "string.h strlen" c_strlen :: CString -> IO CSize
foreign import ccall safe "string.h memcpy" c_memcpy :: Ptr a -> Ptr a -> CSize -> IO (Ptr a)
foreign import ccall unsafe "stdlib.h atoi" c_atoi :: CString -> IO CInt
foreign import ccall unsafe "mix" c_mix :: Int8 -> Word8 -> Int16 -> Word16 -> Int32 -> Word32 -> Int64 -> Word64 -> Float -> Double -> CChar -> Bool -> IO CString
foreign import ccall unsafe "sum12" c_sum12 :: CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt -> CInt
foreign import ccall unsafe "sum10d" c_sum10d :: Double -> Double -> Double -> Double -> Double -> Double -> Double -> Double -> Double -> Double -> Double
foreign import ccall unsafe "narrow" c_narrow :: CInt -> Int8
foreign import ccall unsafe "narrow_u" c_narrowU :: CInt -> Word16
foreign import ccall safe "fail_with" c_failWith :: CInt -> IO CInt
foreign import capi unsafe "limits.h value INT_MAX" intMax :: CInt
foreign import capi "stdlib.h labs" c_labs :: CLong -> CLong
foreign import ccall "&answer" answer :: Ptr CInt

main :: IO ()
main = do
  print (abs (c_sin 1 - 0.8414709848078965) < 1e-15, c_abs (-5), c_labs (-123456789012), intMax)
  withCString "length" c_strlen >>= print
  withCString "42 and more" c_atoi >>= print
  s <- c_mix (-8) 200 (-1600) 60000 (-320000) 4000000000 (-64000000000) 18000000000000000000 1.5 2.25 (castCharToCChar 'x') True
  peekCString s >>= putStrLn
  print (c_sum12 1 2 3 4 5 6 7 8 9 10 11 12, c_sum10d 0.5 1 1.5 2 2.5 3 3.5 4 4.5 5)
  print (c_narrow 0x1ff, c_narrow 0x80, c_narrowU 0x12345, c_narrowU (-1))
  allocaArray 4 $ \d -> withArray [1, 2, 3, 4 :: Word32] $ \p -> do
    _ <- c_memcpy d p 16
    peekArray 4 d >>= print
  r <- try (throwErrnoIfMinus1 "fail_with" (c_failWith 2))
  print (r :: Either IOException CInt)
  _ <- c_failWith 13
  e <- getErrno
  print (e == eACCES, e == eNOENT)
  resetErrno
  getErrno >>= \(Errno n) -> print n
  t <- try (throwErrnoIfMinus1Retry_ "again" (c_failWith 17))
  print (t :: Either IOException ())
  peek answer >>= print
  poke answer 43
  peek answer >>= print
  withCStringLen "\228\955" (\(p, n) -> print n >> peekCStringLen (p, n)) >>= putStrLn
  withCWString "\228\955" (peekArray 3 >=> print)
 where
  f >=> g = \x -> f x >>= g
