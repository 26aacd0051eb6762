-- SPDX-License-Identifier: BSD-3-Clause
-- Shows that an `unsafe` call that blocks (usleep, read on an empty pipe)
-- doesn't stop the other Haskell threads. With stock GHC the worker stands
-- still until the call returns. The vanilla RTS has one OS thread: there it
-- can't be otherwise.
import Control.Concurrent
import Control.Monad
import Data.IORef
import Foreign
import Foreign.C
import System.Posix.IO
import System.Posix.Types

foreign import ccall unsafe "unistd.h usleep" c_usleep :: CUInt -> IO CInt
foreign import ccall unsafe "unistd.h read" c_read :: CInt -> Ptr Word8 -> CSize -> IO CSsize

main :: IO ()
main = do
  ticks <- newIORef (0 :: Int)
  _ <- forkIO (forever (atomicModifyIORef' ticks (\n -> (n + 1, ())) >> threadDelay 1000))
  threadDelay 20000
  before <- readIORef ticks
  r <- c_usleep 500000
  after <- readIORef ticks
  putStrLn ("usleep returned " ++ show r)
  putStrLn (if after - before > 10 then "others ran meanwhile" else "others stood still")
  -- The byte that ends this read comes from another Haskell thread.
  (Fd from, to) <- createPipe
  writer <- newEmptyMVar
  _ <- forkIO $ do
    threadDelay 100000
    n <- fdWrite to "x"
    putMVar writer n
  b <- alloca $ \p -> c_read from p 1 >>= \n -> peek p >>= \c -> pure (n, c)
  print b
  takeMVar writer >>= print
