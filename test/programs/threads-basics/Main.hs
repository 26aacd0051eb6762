-- SPDX-License-Identifier: BSD-3-Clause
-- Shows forkIO, forkOS, forkOn, labels, status, capabilities, ids.
import Control.Concurrent
import Control.Exception
import Control.Monad
import GHC.Conc

main :: IO ()
main = do
  n <- getNumCapabilities
  print (n, numCapabilities)
  ends <- forM [1 .. 20 :: Int] $ \i -> do
    v <- newEmptyMVar
    _ <- forkIO (putMVar v (i * i))
    pure v
  mapM takeMVar ends >>= print . sum
  (t, v) <- spawn (threadDelay 10000000)
  labelThread t "sleeper"
  yield
  threadDelay 100000
  blocked <- threadStatus t
  print (blocked `elem` [ThreadBlocked BlockedOnMVar, ThreadBlocked BlockedOnSTM, ThreadBlocked BlockedOnOther])
  killThread t
  takeMVar v >>= print
  threadDelay 100000
  threadStatus t >>= print
  (d, w) <- spawn (throwIO (userError "died"))
  takeMVar w >>= print
  threadDelay 100000
  threadStatus d >>= \s -> print (s `elem` [ThreadDied, ThreadFinished])
  o <- newEmptyMVar
  _ <- forkOn 0 (myThreadId >>= threadCapability >>= putMVar o)
  takeMVar o >>= print
  me <- myThreadId
  other <- newEmptyMVar
  _ <- forkIO (myThreadId >>= putMVar other)
  it <- takeMVar other
  print (me == me, me == it, compare me it == EQ, show me /= show it)
  -- Delays end in the order of their lengths.
  order <- newMVar []
  es <- forM [3, 1, 4, 2 :: Int] $ \i -> do
    e <- newEmptyMVar
    _ <- forkIO (threadDelay (i * 150000) >> modifyMVar_ order (pure . (i :)) >> putMVar e ())
    pure e
  mapM_ takeMVar es
  readMVar order >>= print . reverse
 where
  spawn act = do
    v <- newEmptyMVar
    t <- forkIO (try act >>= \r -> putMVar v (r :: Either SomeException ()))
    pure (t, v)
