-- SPDX-License-Identifier: BSD-3-Clause
-- System.Timeout over computations that end in time, that don't, and about when
-- time is up; nested; over masked code and foreign calls that sleep.
{-# LANGUAGE ForeignFunctionInterface #-}
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import Foreign.C.Types
import GHC.Clock (getMonotonicTimeNSec)
import Stress
import System.Timeout

foreign import ccall safe "unistd.h usleep" c_usleep :: CUInt -> IO CInt

main :: IO ()
main = stress "Timeouts" 200 $ \number n -> do
  random <- newRandom number
  done <- newEmptyMVar
  let workers = 8
  forM_ [1 .. workers] $ \i -> do
    own <- newRandom (number * 1000 + i)
    forkIO (try (replicateM_ (n `div` workers) (one own)) >>= putMVar done)
  results <- replicateM workers (takeMVar done)
  forM_ results (either (throwIO :: SomeException -> IO ()) pure)
  nested random
  busy

one :: Random -> IO ()
one random = do
  kind <- below random 5
  us <- below random 3000
  case kind of
    0 -> do
      r <- timeout 60000000 (threadDelay us >> pure us)
      ensure "ended in time" (r == Just us)
    1 -> do
      start <- getMonotonicTimeNSec
      r <- timeout (us + 1) (threadDelay 60000000)
      end <- getMonotonicTimeNSec
      ensure "was stopped" (r == Nothing)
      ensure "not too early" (end - start >= fromIntegral us * 1000)
    2 -> do
      -- Either is right, but nothing in between.
      box <- newEmptyMVar
      r <- timeout (us + 1) (threadDelay us >> mask_ (putMVar box ()))
      put <- tryTakeMVar box
      ensure "all or nothing" (r == Nothing || put == Just ())
    3 -> do
      -- Masked code isn't stopped in the middle.
      box <- newEmptyMVar
      _ <- timeout 1 (uninterruptibleMask_
        (threadDelay (us `div` 4) >> putMVar box ()))
      put <- tryTakeMVar box
      ensure "masked code ran to its end, or never" (put `elem` [Nothing, Just ()])
    _ -> do
      r <- timeout 60000000 (c_usleep (fromIntegral us))
      ensure "a foreign call ended" (r == Just 0 || r == Just (-1))

nested :: Random -> IO ()
nested random = replicateM_ 20 $ do
  us <- (+ 1) <$> below random 500
  r <- timeout (us * 40) (timeout us (threadDelay 60000000))
  ensure "the inner or the outer one" (r == Just Nothing || r == Nothing)
  s <- timeout us (timeout 60000000 (threadDelay 60000000))
  ensure "the outer one" (s == Nothing)

-- A computation that allocates but never waits is stopped too.
busy :: IO ()
busy = do
  r <- timeout 20000 (evaluate (length (filter even (enumFrom (1 :: Integer)))))
  ensure "a busy one" (r == Nothing)
