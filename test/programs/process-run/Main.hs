-- SPDX-License-Identifier: BSD-3-Clause
-- Shows System.Process: output, input, exit codes, signals, cwd, environment.
import Control.Exception
import Control.Monad
import System.Exit
import System.IO
import System.IO.Error
import System.Process

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  readProcess "cat" [] "through cat \955\n" >>= putStr
  readProcessWithExitCode "sh" ["-c", "echo out; echo err >&2; exit 3"] "" >>= print
  readCreateProcess (shell "tr a-z A-Z | rev") "shell pipeline" >>= putStrLn
  createDirectoryAndRun
  readCreateProcess (proc "env" []) { env = Just [("ONLY", "this one"), ("UNI", "\955")] } "" >>= putStr
  system "exit 7" >>= print
  rawSystem "test" ["a b", "=", "a b"] >>= print
  (_, _, _, p) <- createProcess (shell "kill -9 $$")
  waitForProcess p >>= print
  (Just i, Just o, Nothing, q) <- createProcess (proc "sort" ["-r"]) { std_in = CreatePipe, std_out = CreatePipe }
  forM_ ["pear", "apple", "quince"] (hPutStrLn i)
  hClose i
  hGetContents o >>= putStr
  waitForProcess q >>= print
  getProcessExitCode q >>= print
  s <- spawnProcess "sleep" ["30"]
  getProcessExitCode s >>= print
  terminateProcess s
  waitForProcess s >>= print
  r <- try (readProcess "no-such-program-anywhere" [] "")
  putStrLn (either (\e -> show (isDoesNotExistError e, e)) id r)
  t <- try (readProcess "sh" ["-c", "exit 9"] "")
  putStrLn (either (\e -> show (e :: IOException)) id t)
  u <- try (callProcess "false" [])
  putStrLn (either (\e -> show (e :: IOException)) show u)
  v <- try (createProcess (proc "/etc/passwd" []))
  putStrLn (either (\e -> show (isPermissionError e, e)) (const "started?") v)
  showCommand
 where
  createDirectoryAndRun = do
    callCommand "mkdir 'a folder'"
    readCreateProcess (proc "sh" ["-c", "pwd | sed 's,.*/,,'"]) { cwd = Just "a folder" } "" >>= putStr
  showCommand = putStrLn (showCommandForUser "a b" ["c'd", "e"])

