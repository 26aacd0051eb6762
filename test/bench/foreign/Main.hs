-- SPDX-License-Identifier: BSD-3-Clause
-- The nanoseconds of one foreign call of each kind, one line each: the kind, a
-- tab, nanoseconds.
{-# LANGUAGE BangPatterns, MagicHash, UnboxedTuples, UnliftedFFITypes #-}
module Main (main) where

import Foreign
import Foreign.C
import GHC.Clock (getMonotonicTimeNSec)
import GHC.Exts
import GHC.IO (IO (..))
import System.Environment
import Text.Printf

foreign import ccall unsafe "foreign_add"
  unsafeAdd :: Int -> Int -> IO Int
foreign import ccall safe "foreign_add"
  safeAdd :: Int -> Int -> IO Int
foreign import ccall unsafe "ctype.h toupper"
  leafToupper :: CInt -> IO CInt
foreign import ccall unsafe "string.h strlen"
  leafStrlen :: CString -> IO CSize
foreign import ccall unsafe "math.h floor"
  leafFloor :: Double -> IO Double
foreign import ccall unsafe "foreign_first"
  heapFirst :: ByteArray# -> Int -> IO Int
foreign import ccall unsafe "unistd.h getppid"
  syscallGetppid :: IO CInt
foreign import ccall safe "foreign_repeat"
  repeatCallback :: FunPtr (Int -> IO Int) -> Int -> IO Int
foreign import ccall "wrapper"
  mkCallback :: (Int -> IO Int) -> IO (FunPtr (Int -> IO Int))

data Bytes = Bytes ByteArray#

newBytes :: Int -> IO Bytes
newBytes (I# n) = IO $ \s -> case newByteArray# n s of
  (# s1, m #) -> case setByteArray# m 0# n 1# s1 of
    s2 -> case unsafeFreezeByteArray# m s2 of
      (# s3, b #) -> (# s3, Bytes b #)

-- time NAME COUNT CALLS: does an action COUNT times, which makes CALLS calls. The
-- number it gets keeps it from being shared between turns.
time :: String -> Int -> Int -> (Int -> IO Int) -> IO ()
time name count calls act = do
  t0 <- getMonotonicTimeNSec
  let loop !i !s
        | i == count = pure s
        | otherwise = act i >>= \x -> loop (i + 1) (s + x)
  s <- loop 0 0
  t1 <- getMonotonicTimeNSec
  printf "%s\t%.3f\n" name (fromIntegral (t1 - t0) / fromIntegral (count * calls) :: Double)
  if s == -1 then putStrLn "?" else pure ()
{-# INLINE time #-}

main :: IO ()
main = do
  [n] <- map read <$> getArgs
  Bytes bytes <- newBytes 64
  callback <- mkCallback (\x -> pure (x + 1))
  withCString "twelve bytes" $ \text -> do
    time "unsafe, own C" n 1 (\i -> unsafeAdd i 1)
    time "unsafe, leaf toupper" n 1 (\i -> fromIntegral <$> leafToupper (fromIntegral (i .&. 127)))
    time "unsafe, leaf strlen" n 1 (\i -> fromIntegral <$> leafStrlen (text `plusPtr` (i .&. 7)))
    time "unsafe, leaf floor" n 1 (\i -> truncate <$> leafFloor (fromIntegral i))
    time "unsafe, heap argument" n 1 (\i -> heapFirst bytes i)
    time "safe, own C" n 1 (\i -> safeAdd i 1)
    time "unsafe, system call" (n `div` 10) 1 (\_ -> fromIntegral <$> syscallGetppid)
    time "callback from C" 10 (n `div` 100) (\_ -> repeatCallback callback (n `div` 100))
