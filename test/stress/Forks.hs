-- SPDX-License-Identifier: BSD-3-Clause
-- Thousands of Haskell threads at once, that sleep by threadDelay, pass MVars
-- on, meet in STM and are killed while they wait. None may be lost.
module Main (main) where

import Control.Concurrent
import Control.Concurrent.STM
import Control.Exception
import Control.Monad
import GHC.Clock (getMonotonicTimeNSec)
import Stress

main :: IO ()
main = stress "Forks" 2000 $ \number n -> do
  random <- newRandom number
  delays random n
  ring n
  transactions n
  killing random n

-- All sleep at the same time, none too short.
delays :: Random -> Int -> IO ()
delays random n = do
  done <- newEmptyMVar
  replicateM_ n $ do
    us <- below random 50000
    forkIO $ do
      start <- getMonotonicTimeNSec
      threadDelay us
      end <- getMonotonicTimeNSec
      putMVar done (end - start >= fromIntegral us * 1000)
  results <- replicateM n (takeMVar done)
  ensure "nobody woke too early" (and results)

-- A token goes round a ring of threads.
ring :: Int -> IO ()
ring n = do
  first <- newEmptyMVar
  end <- foldM link first [1 .. n]
  replicateM_ 3 $ do
    putMVar first (0 :: Int)
    total <- takeMVar end
    ensure "the token saw all threads" (total == n)
  where
    link left _ = do
      right <- newEmptyMVar
      _ <- forkIO (replicateM_ 3 (takeMVar left >>= putMVar right . (+ 1)))
      pure right

-- Accounts between which all threads move money; readers see no other sum.
transactions :: Int -> IO ()
transactions n = do
  accounts <- replicateM 10 (newTVarIO (100 :: Int))
  finished <- newTVarIO 0
  forM_ [1 .. n `div` 10] $ \i -> forkIO $ do
    random <- newRandom i
    replicateM_ 10 $ do
      a <- (accounts !!) <$> below random 10
      b <- (accounts !!) <$> below random 10
      sum' <- atomically $ do
        x <- readTVar a
        -- Never wait for money: all of it may be where nobody looks.
        (when (x < 5) retry >> writeTVar a (x - 5) >> modifyTVar' b (+ 5))
          `orElse` pure ()
        sum <$> mapM readTVar accounts
      ensure "the sum in a transaction" (sum' == 1000)
      when (i `mod` 7 == 0) yield
    atomically (modifyTVar' finished (+ 1))
  atomically (readTVar finished >>= retryUnless . (== n `div` 10))
  total <- atomically (sum <$> mapM readTVar accounts)
  ensure "the sum at the end" (total == 1000)
  where retryUnless ok = unless ok retry

-- Threads that wait for ever, in all ways, each killed: each runs its handler.
killing :: Random -> Int -> IO ()
killing random n = do
  ended <- newTVarIO (0 :: Int)
  never <- newEmptyMVar :: IO (MVar ())
  variable <- newTVarIO False
  started <- newTVarIO (0 :: Int)
  threads <- forM [1 .. n] $ \i -> forkIO $
    (do atomically (modifyTVar' started (+ 1))
        case i `mod` 4 of
          0 -> threadDelay 1000000000
          1 -> takeMVar never
          2 -> atomically (readTVar variable >>= \v -> unless v retry)
          _ -> forever yield)
      `finally` atomically (modifyTVar' ended (+ 1))
  atomically (readTVar started >>= \s -> unless (s == n) retry)
  forM_ threads $ \t -> do
    killThread t
    pause <- below random 50
    when (pause == 0) (threadDelay 100)
  atomically (readTVar ended >>= \s -> unless (s == n) retry)
  -- What they waited for must live as long.
  putMVar never ()
  atomically (writeTVar variable True)
