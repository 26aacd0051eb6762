-- SPDX-License-Identifier: BSD-3-Clause
-- Shows deadlock detection: blocked threads get an exception, others don't.
import Control.Concurrent
import Control.Concurrent.STM
import Control.Exception
import Control.Monad
import Foreign.StablePtr
import System.Mem

main :: IO ()
main = do
  a <- newEmptyMVar :: IO (MVar ())
  r <- try (takeMVar a)
  print (r :: Either BlockedIndefinitelyOnMVar ())
  s <- try (atomically retry)
  print (s :: Either BlockedIndefinitelyOnSTM ())
  -- From here on this thread counts as reachable, or it would share the fate
  -- of the children it waits for.
  hold <- myThreadId >>= newStablePtr
  -- A child that nobody can wake any more.
  result <- newEmptyMVar
  _ <- forkIO $ do
    b <- newEmptyMVar :: IO (MVar ())
    e <- try (takeMVar b)
    putMVar result (e :: Either SomeException ())
  performMajorGC
  takeMVar result >>= print
  -- Two threads that wait for each other.
  x <- newEmptyMVar
  y <- newEmptyMVar
  ends <- replicateM 2 newEmptyMVar
  forM_ (zip ends [(x, y), (y, x)]) $ \(end, (p, q)) -> forkIO $ do
    e <- try (takeMVar p >> putMVar q ())
    putMVar end (e :: Either BlockedIndefinitelyOnMVar ())
  mapM takeMVar ends >>= print
  -- One that is reachable and woken later is left alone.
  c <- newEmptyMVar
  d <- newEmptyMVar
  _ <- forkIO (takeMVar c >>= putMVar d . (+ 1))
  performMajorGC
  putMVar c (41 :: Int)
  takeMVar d >>= print
  freeStablePtr hold
  t <- try (atomically (newEmptyTMVar >>= takeTMVar)) :: IO (Either SomeException ())
  print t
