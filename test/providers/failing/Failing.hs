-- SPDX-License-Identifier: BSD-3-Clause
-- A file system whose names are what goes wrong with them.
module Failing
  ( FileSystem, Node, File
  , mount, root, nodeType, nodeStatus, space
  , lookupNode, listDirectory, createFile, createDirectory
  , createSymbolicLink, createLink, removeFile, removeDirectory, rename
  , readLink, setMode, setOwner, setTimes
  , open, close, readAt, writeAt, append, setSize, sync
  ) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString.Char8 as B
import Debug.Trace (traceIO)
import System.IO.Error
import System.Mem

import HaLVM.FileSystem.Map hiding (lookupNode)
import qualified HaLVM.FileSystem.Map as M
import HaLVM.Provider.Below
import HaLVM.Provider.Console
import HaLVM.Provider.Error
import HaLVM.Provider.File

lookupNode :: FileSystem -> Node -> Name -> IO (Maybe Node)
lookupNode fs d name = case B.unpack name of
  "errno" -> failWith eSTALE "lookupNode"
  "kind" -> ioError (mkIOError fullErrorType "lookupNode" Nothing Nothing)
  "user" -> ioError (userError "no")
  "call" -> error "called error"
  "lazy" -> return (error "looked at later")
  "stack" -> do
    let deep :: Int -> Int
        deep n = if n == -1 then 0 else 1 + deep (n + 1)
    _ <- evaluate (deep 0)
    there
  "blocked" -> newEmptyMVar >>= takeMVar
  "killed" -> do
    me <- myThreadId
    _ <- forkIO (throwTo me ThreadKilled)
    threadDelay 10000000
    there
  "twice" -> do
    me <- myThreadId
    void $ mask_ $ do
      replicateM_ 3 $ forkIO (throwTo me ThreadKilled)
      threadDelay 1000 `catch` \e -> let _ = (e :: AsyncException) in return ()
      yield
    there
  "itself" -> readFile "/tmp/x" >>= evaluate . length >> there
  "traces" -> traceIO "a trace" >> there
  "below" -> do
    d' <- belowConsole ErrorOutput
    belowPut d' (B.pack "written below\n")
    there
  "collects" -> performMajorGC >> yield >> there
  "slow" -> threadDelay 300000 >> there
  _ -> M.lookupNode fs d name
  where there = M.lookupNode fs d (B.pack "there")
