-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a program whose main is in C: hs_init, exported functions, stable
-- pointers kept by C, hs_exit.
module Main (main) where
import Data.IORef
import Foreign
import Foreign.C

foreign export ccall counterNew :: CInt -> IO (StablePtr (IORef Int))
foreign export ccall counterAdd :: StablePtr (IORef Int) -> CInt -> IO CInt
foreign export ccall counterFree :: StablePtr (IORef Int) -> IO ()
foreign export ccall shout :: CString -> IO CString

counterNew :: CInt -> IO (StablePtr (IORef Int))
counterNew n = newIORef (fromIntegral n) >>= newStablePtr

counterAdd :: StablePtr (IORef Int) -> CInt -> IO CInt
counterAdd p n = do
  r <- deRefStablePtr p
  modifyIORef' r (+ fromIntegral n)
  fromIntegral <$> readIORef r

counterFree :: StablePtr (IORef Int) -> IO ()
counterFree = freeStablePtr

-- The caller frees the string.
shout :: CString -> IO CString
shout s = peekCString s >>= newCString . (++ "!")

main :: IO ()
main = putStrLn "never called: C has the main function"
