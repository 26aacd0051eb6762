-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the statuses of programs ended by signals, and SIGINT's exception.
import Control.Concurrent
import Control.Exception
import System.Environment
import System.Exit
import System.IO
import System.Posix.Signals

main :: IO ()
main = do
  hSetBuffering stdout (BlockBuffering Nothing)
  [how] <- getArgs
  putStrLn how
  case how of
    "interrupt" -> raiseSignal sigINT >> threadDelay 5000000
    "interrupt-caught" -> do
      r <- try (raiseSignal sigINT >> threadDelay 5000000)
      print (r :: Either AsyncException ())
    "interrupt-exit" ->
      (raiseSignal sigINT >> threadDelay 5000000)
        `catch` \e -> if e == UserInterrupt then exitWith (ExitFailure 33) else throwIO e
    "interrupt-finally" ->
      (raiseSignal sigINT >> threadDelay 5000000) `finally` putStrLn "cleaned up"
    "terminate" -> hFlush stdout >> raiseSignal sigTERM >> threadDelay 5000000
    "kill" -> hFlush stdout >> raiseSignal sigKILL
    "abort" -> hFlush stdout >> raiseSignal sigABRT
    "user" -> hFlush stdout >> raiseSignal sigUSR1 >> threadDelay 5000000
    "alarm" -> hFlush stdout >> scheduleAlarm 1 >> threadDelay 5000000
    "pipe" -> raiseSignal sigPIPE >> putStrLn "SIGPIPE alone does nothing"
    _ -> putStrLn "?"
