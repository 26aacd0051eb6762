-- SPDX-License-Identifier: BSD-3-Clause
-- Shows weak pointers, finalizers, mkWeakIORef, addFinalizer and exit.
import Control.Concurrent
import Control.Monad
import Data.IORef
import Foreign
import Foreign.C
import qualified Foreign.Concurrent as FC
import System.IO
import System.Mem
import System.Mem.Weak

foreign import ccall unsafe "count_finalized" countFinalized :: IO CInt
foreign import ccall "&c_finalizer" cFinalizer :: FinalizerPtr CInt
foreign import ccall "&c_env_finalizer" cEnvFinalizer :: FinalizerEnvPtr CInt CInt

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  done <- newEmptyMVar
  ref <- newIORef (1 :: Int)
  w <- mkWeakIORef ref (putMVar done "weak IORef finalized")
  performMajorGC
  deRefWeak w >>= maybe (putStrLn "gone too early") (readIORef >=> print)
  readIORef ref >>= print
  performMajorGC
  takeMVar done >>= putStrLn
  deRefWeak w >>= putStrLn . maybe "gone" (const "still there")
  key <- newIORef 'k'
  x <- mkWeak key "value" (Just (putMVar done "by hand"))
  deRefWeak x >>= print
  finalize x
  takeMVar done >>= putStrLn
  deRefWeak x >>= print
  readIORef key >>= print
  -- C finalizers run soon after the collection, and on finalizeForeignPtr.
  forM_ [1 .. 10 :: Int] $ \_ -> do
    p <- malloc
    fp <- newForeignPtr cFinalizer p
    withForeignPtr fp (`poke` 3)
  performMajorGC
  waitFor 10
  countFinalized >>= print
  alloca $ \env -> do
    poke env 100
    p <- malloc
    fp <- newForeignPtrEnv cEnvFinalizer env p
    finalizeForeignPtr fp
    peek env >>= print
  p <- malloc :: IO (Ptr CInt)
  fp <- FC.newForeignPtr p (free p >> putMVar done "Haskell finalizer")
  FC.addForeignPtrFinalizer fp (putStrLn "later one first")
  finalizeForeignPtr fp `seq` pure ()
  _ <- forkIO (finalizeForeignPtr fp)
  takeMVar done >>= putStrLn
  q <- malloc :: IO (Ptr CInt)
  last_ <- newForeignPtr cFinalizer q
  touchForeignPtr last_
  putStrLn "the last one is finalized at exit"
 where
  waitFor n = do
    k <- countFinalized
    unless (k >= n) (threadDelay 1000 >> waitFor n)
