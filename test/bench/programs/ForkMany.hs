-- SPDX-License-Identifier: BSD-3-Clause
-- Threads: very many short ones, and a long chain.
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
  forM_ [1 .. 4 :: Int] $ \_ -> do
    vs <- forM [1 .. size :: Int] $ \i -> do
      v <- newEmptyMVar
      _ <- forkIO (putMVar v $! i * 2)
      pure v
    mapM takeMVar vs >>= print . sum
  first <- newEmptyMVar
  end <- foldM (\v _ -> do { w <- newEmptyMVar; _ <- forkIO (takeMVar v >>= putMVar w . (+ 1)); pure w }) first [1 .. 2 * size]
  putMVar first (0 :: Int)
  takeMVar end >>= print
