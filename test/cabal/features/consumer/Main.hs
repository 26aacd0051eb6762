{-# LANGUAGE CApiFFI #-}

module Main (main) where

import CSources
import Control.Concurrent (forkOS, newEmptyMVar, putMVar, rtsSupportsBoundThreads, takeMVar)
import Foreign
import Foreign.C
import LowSources

foreign import ccall unsafe "sum_name" sumName :: IO CString

foreign import capi "zlib.h crc32"
  crc32 :: CULong -> Ptr CUChar -> CUInt -> IO CULong

main :: IO ()
main = do
  addAll False [1, 2, 3] >>= print
  addAll True [1, 2, 3] >>= print
  print (root 64, times2 21, times3 14, layout)
  sumName >>= peekCString >>= putStrLn
  crc <- withCStringLen "123456789" $ \(p, n) ->
    crc32 0 (castPtr p) (fromIntegral n)
  print crc
  print rtsSupportsBoundThreads
  done <- newEmptyMVar
  _ <- forkOS (putMVar done "from a bound thread")
  takeMVar done >>= putStrLn
