-- SPDX-License-Identifier: BSD-3-Clause
-- Threads: a pipeline of channels, with delays and timeouts beside it.
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
  chans <- replicateM 20 newChan
  forM_ (zip chans (tail chans)) $ \(i, o) -> forkIO (forever (readChan i >>= \x -> writeChan o $! x + 1))
  _ <- forkIO (mapM_ (writeChan (head chans)) [1 .. size :: Int])
  xs <- replicateM size (readChan (last chans))
  print (sum xs)
