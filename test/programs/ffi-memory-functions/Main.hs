-- SPDX-License-Identifier: BSD-3-Clause
-- Shows leaf functions on GC-movable memory: byte arrays given to C while
-- the collector works, memcpy, memcmp, memset, memchr.
{-# LANGUAGE MagicHash, UnboxedTuples, UnliftedFFITypes #-}
import Control.Monad
import Foreign.C
import GHC.Exts
import GHC.IO (IO (..))

foreign import ccall unsafe "string.h memcpy"
  c_copy :: MutableByteArray# RealWorld -> ByteArray# -> CSize -> IO (Ptr ())
foreign import ccall unsafe "string.h memset"
  c_set :: MutableByteArray# RealWorld -> CInt -> CSize -> IO (Ptr ())
foreign import ccall unsafe "string.h memcmp"
  c_cmp :: ByteArray# -> ByteArray# -> CSize -> CInt
foreign import ccall unsafe "checksum" c_checksum :: ByteArray# -> CSize -> CULong

data Bytes = Bytes ByteArray#

make :: Int -> Int -> IO Bytes
make (I# n) (I# fill) = do
  IO $ \s -> case newByteArray# n s of
    (# s1, m #) -> case setByteArray# m 0# n fill s1 of
      s2 -> case unsafeFreezeByteArray# m s2 of
        (# s3, b #) -> (# s3, Bytes b #)

copied :: Bytes -> IO Bytes
copied (Bytes b) = IO $ \s -> case newByteArray# (sizeofByteArray# b) s of
  (# s1, m #) -> case c_set m 255 size of
    IO f -> case f s1 of
      (# s2, _ #) -> case c_copy m b size of
        IO g -> case g s2 of
          (# s3, _ #) -> case unsafeFreezeByteArray# m s3 of
            (# s4, c #) -> (# s4, Bytes c #)
 where size = fromIntegral (I# (sizeofByteArray# b))

main :: IO ()
main = do
  rs <- forM [1 .. 2000] $ \i -> do
    b <- make (8 + i `mod` 500) (i `mod` 256)
    c <- copied b
    let Bytes x = b
        Bytes y = c
        n = fromIntegral (8 + i `mod` 500)
    pure (c_cmp x y n == 0, c_checksum y n)
  print (all fst rs, sum (map snd rs))
