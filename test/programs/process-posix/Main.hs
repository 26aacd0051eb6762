-- SPDX-License-Identifier: BSD-3-Clause
-- Shows fork, exec, wait statuses, process groups, inherited descriptors.
import Control.Exception
import Control.Monad
import System.Exit
import System.IO
import System.Posix
import System.Posix.Process

main :: IO ()
main = do
  hSetBuffering stdout (LineBuffering)
  p <- forkProcess (exitWith (ExitFailure 5))
  getProcessStatus True False p >>= print
  q <- forkProcess (putStrLn "from the child" >> hFlush stdout)
  getProcessStatus True False q >>= print
  r <- forkProcess (raiseSignal sigKILL)
  getProcessStatus True False r >>= print
  (from, to) <- createPipe
  s <- forkProcess $ do
    _ <- dupTo to stdOutput
    closeFd from
    executeFile "sh" True ["-c", "echo $0 $1 \"$V\"; exit 4", "x", "y z"] (Just [("V", "value"), ("PATH", "/usr/bin:/bin")])
  closeFd to
  h <- fdToHandle from
  hGetContents h >>= putStr
  getProcessStatus True False s >>= print
  t <- forkProcess (throwIO (userError "uncaught in the child"))
  getProcessStatus True False t >>= print
  u <- forkProcess (forever (pure () >> threadWait))
  signalProcess sigTERM u
  getProcessStatus True False u >>= print
  v <- try (getProcessStatus True False u) :: IO (Either IOException (Maybe ProcessStatus))
  putStrLn (either show show v)
  me <- getProcessID
  kid <- forkProcess $ do
    parent <- getParentProcessID
    exitImmediately (if parent == me then ExitSuccess else ExitFailure 1)
  getProcessStatus True False kid >>= print
  putStrLn "parent ends"
 where
  threadWait = sleep 1
