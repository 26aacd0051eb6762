-- SPDX-License-Identifier: BSD-3-Clause
-- Handles and the I/O manager: many pipes, each with a writer and a reader in
-- Haskell threads, of all buffer modes and sizes; bound threads among them.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import Stress
import System.IO
import System.Process (createPipe)

main :: IO ()
main = stress "Channels" 100 $ \number n -> do
  random <- newRandom number
  done <- newEmptyMVar
  forM_ [1 .. n] $ \i -> do
    (r, w) <- createPipe
    mode <- ([NoBuffering, LineBuffering, BlockBuffering Nothing,
      BlockBuffering (Just 17)] !!) <$> below random 4
    count <- below random 60
    hSetBuffering w mode
    hSetBinaryMode r True
    hSetBinaryMode w True
    let fork | i `mod` 10 == 0 && rtsSupportsBoundThreads = forkOS
             | otherwise = forkIO
    _ <- fork $ (do
      forM_ [1 .. count] $ \k -> do
        B.hPut w (line i k)
        when (k `mod` 9 == 0) yield
      hClose w) `catch` \e -> putMVar done (Left (e :: SomeException))
    _ <- fork (try (reader r i count) >>= putMVar done)
    pure ()
  results <- replicateM n (takeMVar done)
  forM_ results (either throwIO pure)
  where
    line i k = C.pack (show i ++ " " ++ replicate (i * k `mod` 300) 'x' ++ "\n")
    reader r i count = do
      forM_ [1 .. count] $ \k -> do
        l <- C.hGetLine r
        ensure "a line" (C.snoc l '\n' == line i k)
      end <- hIsEOF r
      ensure "the end" end
      hClose r
