-- SPDX-License-Identifier: BSD-3-Clause

-- | An ordinary program, whose files happen to be a provider's.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import System.Directory
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  createDirectoryIfMissing True "/mem/a/b/c"
  writeFile "/mem/a/b/c/f" (unlines (map show [1 .. 1000 :: Int]))
  s <- readFile "/mem/a/b/c/f"
  print (sum (map read (lines s) :: [Int]))
  appendFile "/mem/a/b/c/f" "x\n"
  getFileSize "/mem/a/b/c/f" >>= print
  listDirectory "/mem/a" >>= print
  setCurrentDirectory "/mem/a"
  getCurrentDirectory >>= putStrLn
  renameFile "b/c/f" "g"
  doesFileExist "g" >>= print
  r <- try (readFile "nope") :: IO (Either IOException String)
  print r
  copyFile "g" "h"
  getPermissions "h" >>= print
  canonicalizePath "../a/./g" >>= putStrLn
  h <- openFile "h" ReadWriteMode
  hSeek h SeekFromEnd (-2)
  hGetLine h >>= putStrLn
  hSetFileSize h 10
  hFileSize h >>= print
  r2 <- try (openFile "h" WriteMode) :: IO (Either IOException Handle)
  print (either show (const "opened") r2)
  hClose h
  removeDirectoryRecursive "/mem/a/b"
  dones <- forM [1 .. 5 :: Int] $ \i -> do
    d <- newEmptyMVar
    _ <- forkIO $ do
      writeFile ("t" ++ show i) (replicate 10000 'x')
      readFile ("t" ++ show i) >>= putMVar d . length
    return d
  mapM takeMVar dones >>= print
  getModificationTime "g" >>= \t -> t `seq` putStrLn "time"
  withCurrentDirectory "/" (listDirectory "/mem" >>= print)
  removePathForcibly "/mem/a"
  listDirectory "/mem" >>= print
