-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a callback through an `unsafe` import. Stock GHC would die here
-- ("re-entered unsafely"): halvm-ghc makes such an import safe.
import Data.IORef
import Control.Concurrent
import Foreign
import Foreign.C

type Step = CInt -> IO CInt

foreign import ccall "wrapper" mkStep :: Step -> IO (FunPtr Step)
foreign import ccall unsafe "repeat_step" repeatStep :: FunPtr Step -> CInt -> IO CInt
foreign import ccall unsafe "stdlib.h qsort"
  sort :: Ptr CInt -> CSize -> CSize -> FunPtr (Ptr CInt -> Ptr CInt -> IO CInt) -> IO ()
foreign import ccall "wrapper"
  mkOrder :: (Ptr CInt -> Ptr CInt -> IO CInt) -> IO (FunPtr (Ptr CInt -> Ptr CInt -> IO CInt))

main :: IO ()
main = do
  calls <- newIORef (0 :: Int)
  step <- mkStep $ \n -> do
    modifyIORef' calls (+ 1)
    -- Enough allocation for collections, and a switch to another thread.
    v <- newEmptyMVar
    _ <- forkIO (putMVar v $! length (show (product [1 .. 200 :: Integer])))
    k <- takeMVar v
    pure (n + fromIntegral (k `mod` 2) + 1)
  repeatStep step 200 >>= print
  readIORef calls >>= print
  order <- mkOrder (\p q -> do { x <- peek p; y <- peek q; pure (y - x) })
  withArrayLen [3, 1, 4, 1, 5, 9, 2, 6] $ \n p -> do
    sort p (fromIntegral n) 4 order
    peekArray n p >>= print
