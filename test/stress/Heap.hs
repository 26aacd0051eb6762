-- SPDX-License-Identifier: BSD-3-Clause
-- Memory taken and given back, again and again: a heap that grows to --amount
-- MiB and shrinks, large objects, pinned and foreign memory, weak pointers and
-- finalizers, many stacks.  With --exhaust instead: takes all there is, which
-- must end in the RTS's own message and status 251.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString as B
import Data.IORef
import qualified Data.Map.Strict as M
import Foreign
import Stress
import System.Environment (getArgs)
import System.Mem
import System.Mem.Weak

main :: IO ()
main = do
  args <- getArgs
  case args of
    ["--exhaust"] -> exhaust
    _ -> stress "Heap" 32 $ \number mib -> do
      trees number mib
      large mib
      foreignMemory number mib
      finalizers
      stacks mib

exhaust :: IO ()
exhaust = do
  kept <- newIORef []
  forM_ [0 :: Int ..] $ \i -> do
    let block = B.replicate 1000000 (fromIntegral i)
    _ <- evaluate (B.index block 999999)
    modifyIORef' kept (block :)

-- About `mib` MiB of small objects, checked, then garbage.
trees :: Int -> Int -> IO ()
trees number mib = do
  let n = mib * 7000
      m = M.fromList [(i `xor` 0x5555, i + number) | i <- [0 .. n - 1]]
  ensure "the tree's sum"
    (M.foldl' (+) 0 m == n * (n - 1) `div` 2 + n * number)
  performGC

large :: Int -> IO ()
large mib = forM_ [1 .. 4 :: Int] $ \turn -> do
  blocks <- forM [1 .. mib] $ \i ->
    evaluate (B.replicate 1000000 (fromIntegral (i + turn)))
  forM_ (zip [1 ..] blocks) $ \(i, b) ->
    ensure "a block" (B.length b == 1000000
      && B.index b (i * 997) == fromIntegral (i + turn))

foreignMemory :: Int -> Int -> IO ()
foreignMemory number mib = do
  pointers <- forM [1 .. mib * 4] $ \i -> do
    p <- mallocForeignPtrBytes 4096
    q <- mallocBytes (200000 `div` 4) :: IO (Ptr Word32)
    f <- newForeignPtr finalizerFree q
    withForeignPtr p $ \a -> poke a (fromIntegral (i + number) :: Word32)
    withForeignPtr f $ \a -> pokeElemOff a 12000 (fromIntegral i)
    pure (p, f, i)
  performGC
  forM_ pointers $ \(p, f, i) -> do
    x <- withForeignPtr p peek
    y <- withForeignPtr f (`peekElemOff` 12000)
    ensure "foreign memory" (x == fromIntegral (i + number) && y == fromIntegral i)

finalizers :: IO ()
finalizers = do
  count <- newIORef (0 :: Int)
  weaks <- forM [1 .. 1000 :: Int] $ \i -> do
    key <- newIORef i
    mkWeakIORef key (atomicModifyIORef' count (\c -> (c + 1, ())))
  performMajorGC
  let wait n = do
        c <- readIORef count
        unless (c == 1000) $ do
          ensure "finalizers run" (n < (2000 :: Int))
          threadDelay 1000
          performMajorGC
          wait (n + 1)
  wait 0
  alive <- filterM (fmap (maybe False (const True)) . deRefWeak) weaks
  ensure "no dead key is alive" (null alive)

-- Deep recursions in several threads at once.
stacks :: Int -> IO ()
stacks mib = do
  done <- newEmptyMVar
  let n = mib * 3000
  forM_ [1 .. 4 :: Int] $ \i -> forkIO (evaluate (deep (n + i)) >>= putMVar done)
  total <- sum <$> replicateM 4 (takeMVar done)
  ensure "the recursions" (total == 4 * n + 10)
  where
    deep :: Int -> Int
    deep 0 = 0
    deep k = 1 + deep (k - 1)
