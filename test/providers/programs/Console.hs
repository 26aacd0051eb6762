-- SPDX-License-Identifier: BSD-3-Clause
-- What programs do with standard input and output.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import Data.Char (toUpper)
import Data.IORef
import Debug.Trace (traceIO)
import System.Exit
import System.IO
import System.IO.Error
import System.Mem
import System.Timeout

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  putStrLn "line"
  hPutStrLn stderr "to stderr"
  putStr "two " >> hFlush stdout
  putStrLn "parts"
  putStr "begun " >> hFlush stdout
  hPutStrLn stderr "interrupts"
  putStrLn "goes on"
  traceIO "trace"
  hIsTerminalDevice stdout >>= print
  -- The first line comes late, and others run meanwhile.
  ticks <- newIORef (0 :: Int)
  ticker <- forkIO $ forever $ threadDelay 5000 >> modifyIORef' ticks (+ 1)
  l <- getLine
  n <- readIORef ticks
  killThread ticker
  putStrLn ("read " ++ l ++ ", others ran: " ++ show (n > 3))
  isEOF >>= print
  r <- timeout 50000 (hWaitForInput stdin 10000)
  putStrLn ("waits: " ++ maybe "too long" show r)
  -- Many write, and lines stay whole.
  vs <- forM [1 .. 10 :: Int] $ \i -> do
    v <- newEmptyMVar
    _ <- forkFinally (forM_ [1 .. 20 :: Int] $ \k ->
      putStrLn ("thread " ++ show i ++ " " ++ show k)) (const (putMVar v ()))
    return v
  mapM_ takeMVar vs
  performMajorGC
  putStr (unlines (replicate 2000 (replicate 60 'x')))
  rest <- getContents
  putStr (map toUpper rest)
  end <- try getLine
  putStrLn (either (\e -> "end: " ++ show (isEOFError e)) show end)
  hSetBuffering stdout (BlockBuffering Nothing)
  putStr "left to hs_exit"
  exitWith (ExitFailure 5)
