-- SPDX-License-Identifier: BSD-3-Clause
-- Shows IORef: atomic updates by many threads, laziness of modify, caches.
import Control.Concurrent
import Control.Exception
import Control.Monad
import Data.IORef
import qualified Data.Map as M

main :: IO ()
main = do
  r <- newIORef (0 :: Int)
  m <- newIORef M.empty
  ends <- forM [1 .. 20 :: Int] $ \i -> do
    e <- newEmptyMVar
    _ <- forkIO $ do
      forM_ [1 .. 200 :: Int] $ \j -> do
        n <- atomicModifyIORef' r (\x -> (x + 1, x))
        when (n `mod` 7 == 0) yield
        atomicModifyIORef m (\t -> (M.insertWith (+) (j `mod` 10) i t, ()))
      putMVar e ()
    pure e
  mapM_ takeMVar ends
  readIORef r >>= print
  readIORef m >>= print . M.toList
  lazy <- newIORef (1 :: Int)
  modifyIORef lazy (const undefined)
  writeIORef lazy 2
  readIORef lazy >>= print
  x <- try (modifyIORef' lazy (`div` 0))
  print (x :: Either ArithException ())
  readIORef lazy >>= print
  atomicWriteIORef lazy 5
  old <- atomicModifyIORef lazy (\v -> (v * 2, v))
  new <- readIORef lazy
  print (old, new, lazy == lazy)
  forM_ [1 .. 100000 :: Int] (\_ -> modifyIORef lazy (+ 1))
  readIORef lazy >>= print
