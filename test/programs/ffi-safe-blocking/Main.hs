-- SPDX-License-Identifier: BSD-3-Clause
-- Shows safe calls that block while other threads work, the same in C.
{-# LANGUAGE InterruptibleFFI #-}
import Control.Concurrent
import Control.Monad
import Foreign.C
import GHC.Conc (numCapabilities)

foreign import ccall safe "unistd.h usleep" c_usleep :: CUInt -> IO CInt
foreign import ccall interruptible "unistd.h usleep" c_usleepI :: CUInt -> IO CInt

main :: IO ()
main = do
  vs <- forM [1 .. 8 :: Int] $ \i -> do
    v <- newEmptyMVar
    _ <- forkIO (c_usleep 20000 >> putMVar v i)
    pure v
  mapM takeMVar vs >>= print
  when rtsSupportsBoundThreads $ do
    -- killThread breaks an interruptible call.
    end <- newEmptyMVar
    t <- forkFinally (c_usleepI 20000000) (putMVar end)
    threadDelay 20000
    killThread t
    r <- takeMVar end
    putStrLn (either show show r)
  print numCapabilities
