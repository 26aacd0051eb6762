-- SPDX-License-Identifier: BSD-3-Clause
-- STM: many threads on few accounts; main waits by retry.
module Main (main) where

import System.Environment (getArgs)
import Control.Concurrent
import Control.Concurrent.STM
import Control.Monad

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  -- The threaded RTS binds main to an OS thread: not what is measured here.
  runInUnboundThread (work size)

work :: Int -> IO ()
work size = do
  accounts <- forM [1 .. 10 :: Int] (\_ -> newTVarIO (1000 :: Int))
  done <- newTVarIO (0 :: Int)
  forM_ [1 .. 50] $ \i -> forkIO $ do
    forM_ [1 .. size] $ \j -> do
      let from = accounts !! ((i * 7 + j) `mod` 10)
          to = accounts !! ((i + j * 3) `mod` 10)
          n = (i + j) `mod` 5
      atomically $ do
        x <- readTVar from
        let k = min x n
        writeTVar from $! x - k
        modifyTVar' to (+ k)
    atomically (modifyTVar' done (+ 1))
  atomically (readTVar done >>= check . (== 50))
  total <- sum <$> mapM readTVarIO accounts
  print total
