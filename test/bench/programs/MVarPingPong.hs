-- SPDX-License-Identifier: BSD-3-Clause
-- Threads: two that hand a number to and fro.
module Main (main) where

import System.Environment (getArgs)
import Control.Concurrent
import Control.Monad

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  -- The threaded RTS binds main to an OS thread: not what is measured here.
  runInUnboundThread (work size)

work :: Int -> IO ()
work size = do
  a <- newEmptyMVar
  b <- newEmptyMVar
  _ <- forkIO (forever (takeMVar a >>= \n -> putMVar b $! n + 1))
  let loop :: Int -> Int -> IO Int
      loop 0 n = pure n
      loop k n = putMVar a n >> takeMVar b >>= loop (k - 1)
  loop size 0 >>= print
