-- SPDX-License-Identifier: BSD-3-Clause
-- Shows STM: retry, orElse, exceptions that roll back, queues, invariants.
import Control.Concurrent
import Control.Concurrent.STM
import Control.Concurrent.STM.TSem
import Control.Exception
import Control.Monad

main :: IO ()
main = do
  a <- newTVarIO (100 :: Int)
  b <- newTVarIO 0
  let move n = do
        x <- readTVar a
        when (x < n) retry
        writeTVar a (x - n)
        modifyTVar' b (+ n)
  ws <- forM [1 .. 10 :: Int] $ \_ -> do
    w <- newEmptyTMVarIO
    _ <- forkIO (replicateM_ 10 (atomically (move 1)) >> atomically (putTMVar w ()))
    pure w
  sums <- replicateM 50 (atomically ((+) <$> readTVar a <*> readTVar b))
  print (all (== 100) sums)
  mapM_ (atomically . takeTMVar) ws
  both a b
  r <- try (atomically (writeTVar a 77 >> throwSTM (userError "undo"))) :: IO (Either IOException ())
  print r
  both a b
  s <- atomically ((move 1 >> pure "moved") `orElse` (modifyTVar a (+ 5) >> pure "filled"))
  putStrLn s
  both a b
  t <- atomically (catchSTM (writeTVar a 1 >> throwSTM (userError "x")) (\e -> const (pure ()) (e :: IOException)) >> readTVar a)
  print t
  q <- newTBQueueIO 4
  done <- newTVarIO False
  _ <- forkIO (forM_ [1 .. 200 :: Int] (atomically . writeTBQueue q) >> atomically (writeTVar done True))
  let drain acc = do
        m <- atomically ((Just <$> readTBQueue q) `orElse` (readTVar done >>= check >> pure Nothing))
        maybe (pure (reverse acc)) (drain . (: acc)) m
  xs <- drain []
  print (xs == [1 .. 200], sum xs)
  c <- newBroadcastTChanIO
  l <- atomically (dupTChan c)
  k <- atomically (dupTChan c)
  forM_ "abc" (atomically . writeTChan c)
  rs <- replicateM 3 (atomically ((,) <$> readTChan l <*> readTChan k))
  print rs
  sem <- atomically (newTSem 1)
  atomically (waitTSem sem)
  _ <- forkIO (threadDelay 1000 >> atomically (signalTSem sem))
  atomically (waitTSem sem)
  when rtsSupportsBoundThreads $ do
    d <- registerDelay 5000
    atomically (readTVar d >>= check)
  st <- newTVarIO (1 :: Int)
  atomically (stateTVar st (\x -> (show x, x + 1))) >>= putStrLn
  atomically (swapTVar st 9) >>= print
 where
  both a b = atomically ((,) <$> readTVar a <*> readTVar b) >>= print
