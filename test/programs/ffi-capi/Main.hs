-- SPDX-License-Identifier: BSD-3-Clause
-- Shows capi imports: macros, varargs, constants, structs by pointer.
{-# LANGUAGE CApiFFI #-}
import Control.Monad
import Foreign
import Foreign.C

foreign import capi unsafe "stdio.h snprintf" snprintfInt :: CString -> CSize -> CString -> CInt -> IO CInt
foreign import capi unsafe "stdio.h snprintf" snprintfDouble :: CString -> CSize -> CString -> CDouble -> IO CInt
foreign import capi unsafe "stdio.h sscanf" sscanf2 :: CString -> CString -> Ptr CInt -> Ptr CInt -> IO CInt
foreign import capi "macros.h SQUARE" square :: CInt -> CInt
foreign import capi "macros.h ADD" add :: CInt -> CInt -> CInt
foreign import capi "macros.h value GREETING" greeting :: CString
foreign import capi "macros.h value LIMIT" limit :: CULong
foreign import capi unsafe "ctype.h isalpha" c_isalpha :: CInt -> IO CInt
foreign import capi unsafe "ctype.h toupper" c_toupper :: CInt -> IO CInt
foreign import capi unsafe "fcntl.h value O_CREAT" oCreat :: CInt
foreign import capi unsafe "math.h fabs" c_fabs :: CDouble -> CDouble
foreign import capi unsafe "macros.h total" c_total :: CInt -> CInt -> CInt -> CInt -> IO CInt

main :: IO ()
main = do
  let buffer act = allocaBytes 64 (\p -> act p >> peekCString p)
  buffer (\p -> withCString "%05d|%x" (\f -> snprintfInt p 64 f 42)) >>= putStrLn . take 5
  buffer (\p -> withCString "%.3f" (\f -> snprintfDouble p 64 f 2.5)) >>= putStrLn
  buffer (\p -> withCString "%8.2e" (\f -> snprintfDouble p 64 f 12345.678)) >>= putStrLn
  alloca $ \a -> alloca $ \b -> do
    n <- withCString "12 -7 x" (\s -> withCString "%d %d" (\f -> sscanf2 s f a b))
    xs <- mapM peek [a, b]
    print (n, xs)
  print (square 12, add 40 2, limit, c_fabs (-2.5))
  peekCString greeting >>= putStrLn
  rs <- forM "aZ9 " (c_isalpha . fromIntegral . fromEnum)
  print (map (/= 0) rs)
  us <- mapM (fmap (toEnum . fromIntegral) . c_toupper . fromIntegral . fromEnum) "shout"
  putStrLn us
  c_total 3 10 20 30 >>= print
  print (oCreat /= 0)
