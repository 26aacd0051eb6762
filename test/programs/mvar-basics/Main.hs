-- SPDX-License-Identifier: BSD-3-Clause
-- Shows MVar: handing over, fairness, try operations, modify under exceptions.
import Control.Concurrent
import Control.Exception
import Control.Monad

main :: IO ()
main = do
  v <- newEmptyMVar
  done <- newEmptyMVar
  _ <- forkIO $ forM_ [1 .. 1000 :: Int] (putMVar v) >> putMVar done ()
  xs <- replicateM 1000 (takeMVar v)
  takeMVar done
  print (xs == [1 .. 1000])
  tryTakeMVar v >>= print
  tryPutMVar v 5 >>= print
  tryPutMVar v 6 >>= print
  tryReadMVar v >>= print
  readMVar v >>= print
  swapMVar v 7 >>= print
  modifyMVar v (\x -> pure (x + 1, x * 2)) >>= print
  r <- try (modifyMVar_ v (\_ -> throwIO (userError "inside")))
  print (r :: Either IOException ())
  isEmptyMVar v >>= print
  withMVar v print
  -- Waiters are served in the order they came.
  gate <- newEmptyMVar
  out <- newMVar []
  ended <- newEmptyMVar
  forM_ [1 .. 10 :: Int] $ \i -> do
    _ <- forkIO $ do
      takeMVar gate
      modifyMVar_ out (pure . (i :))
      putMVar ended ()
    threadDelay 20000
  replicateM_ 10 (putMVar gate () >> takeMVar ended)
  readMVar out >>= print . reverse
  -- Many threads, one counter.
  n <- newMVar (0 :: Int)
  ws <- forM [1 .. 50 :: Int] $ \_ -> do
    w <- newEmptyMVar
    _ <- forkIO (replicateM_ 100 (modifyMVar_ n (pure . (+ 1)) >> yield)
                 `finally` putMVar w ())
    pure w
  mapM_ takeMVar ws
  readMVar n >>= print
