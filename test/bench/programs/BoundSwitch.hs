-- SPDX-License-Identifier: BSD-3-Clause
-- Bound threads: two that take turns. With the threaded RTS each turn is a
-- switch between OS threads.
module Main (main) where

import System.Environment (getArgs)
import Control.Concurrent
import Control.Monad

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  a <- newEmptyMVar
  b <- newEmptyMVar
  let fork = if rtsSupportsBoundThreads then forkOS else forkIO
  _ <- fork (replicateM_ size (takeMVar a >>= \n -> putMVar b $! n + 1))
  let loop :: Int -> Int -> IO Int
      loop 0 n = pure n
      loop k n = putMVar a n >> takeMVar b >>= loop (k - 1)
  loop size 0 >>= print
