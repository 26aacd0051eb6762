-- SPDX-License-Identifier: BSD-3-Clause
-- Shows asynchronous exceptions: throwTo, masks, bracket, interruptible waits.
{-# LANGUAGE RankNTypes #-}
import Control.Concurrent
import Control.Exception
import Control.Monad

child :: ((forall a. IO a -> IO a) -> IO b) -> IO (ThreadId, MVar (Either SomeException b))
child act = do
  end <- newEmptyMVar
  t <- mask_ (forkIOWithUnmask (\u -> try (act u) >>= putMVar end))
  pure (t, end)

main :: IO ()
main = do
  started <- newEmptyMVar
  (t1, e1) <- child (\u -> u (putMVar started () >> threadDelay 10000000))
  takeMVar started
  killThread t1
  takeMVar e1 >>= print
  (t2, e2) <- child (\u -> u (putMVar started () >> forever yield))
  takeMVar started
  throwTo t2 (userError "thrown")
  takeMVar e2 >>= print . void'
  -- Masked work is not interrupted; a wait inside it is.
  go <- newEmptyMVar
  (t3, e3) <- child $ \_ -> do
    putMVar started ()
    let s = sum [1 .. 300000 :: Integer]
    _ <- evaluate s
    putStrLn "masked work done"
    takeMVar go
    putStrLn "never"
  takeMVar started
  throwTo t3 ThreadKilled
  takeMVar e3 >>= print . void'
  (t4, e4) <- child $ \_ -> uninterruptibleMask_ $ do
    putMVar started ()
    takeMVar go
    putStrLn "uninterruptible wait done"
    getMaskingState
  takeMVar started
  killer <- newEmptyMVar
  _ <- forkIO (throwTo t4 ThreadKilled >> putMVar killer ())
  threadDelay 50000
  putMVar go ()
  takeMVar e4 >>= print
  takeMVar killer
  -- bracket releases in any event, in the right order.
  (t5, e5) <- child $ \u ->
    bracket (putStrLn "acquire") (\_ -> putStrLn "release") (\_ ->
      u (putMVar started () >> threadDelay 10000000) `onException` putStrLn "inside")
  takeMVar started
  throwTo t5 UserInterrupt
  takeMVar e5 >>= print
  mapM_ print =<< sequence [getMaskingState, mask_ getMaskingState,
    uninterruptibleMask_ getMaskingState, mask (\r -> r getMaskingState), interruptible getMaskingState]
  r <- try (evaluate (1 + throw Overflow :: Int))
  print (r :: Either ArithException Int)
  me <- myThreadId
  s <- try (throwTo me (AssertionFailed "to myself") >> putStrLn "never")
  print (s :: Either AssertionFailed ())
 where
  void' = fmap (const ())
