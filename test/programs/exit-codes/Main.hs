-- SPDX-License-Identifier: BSD-3-Clause
-- Shows exit statuses: given, odd, from a thread, through handlers.
import Control.Concurrent
import Control.Exception
import Control.Monad
import System.Environment
import System.Exit
import System.IO
import System.Posix.Process (exitImmediately)

main :: IO ()
main = do
  hSetBuffering stdout (BlockBuffering (Just 4096))
  [how] <- getArgs
  putStr ("case " ++ how ++ ", buffered without a newline")
  run how
 where
  run "success" = exitSuccess >> putStrLn "never"
  run "number" = void (exitWith (ExitFailure 42)) >> putStrLn "never"
  run "one" = exitFailure
  run "last" = exitWith (ExitFailure 255)
  run "wide" = exitWith (ExitFailure 256)
  run "wider" = exitWith (ExitFailure 0x1234)
  run "negative" = exitWith (ExitFailure (-1))
  run "zero" = exitWith (ExitFailure 0)
  run "die" = die "a message for stderr"
  run "thread" = do
    done <- newEmptyMVar
    _ <- forkIO (exitWith (ExitFailure 7) `finally` putMVar done ())
    takeMVar done
    threadDelay 100000
    putStr ", still alive"
  run "thrown-to" = do
    me <- myThreadId
    _ <- forkIO (throwTo me (ExitFailure 9))
    threadDelay 10000000
    putStr "never"
  run "caught" = do
    r <- try (exitWith (ExitFailure 3))
    putStr (", " ++ show (r :: Either ExitCode ()))
    handle (\e -> throwIO (e :: ExitCode)) (exitWith (ExitFailure 4))
  run "finalizers" =
    (exitWith (ExitFailure 5) `onException` putStr ", handler")
      `finally` putStr ", finally"
  run "replaced" =
    exitWith (ExitFailure 6) `finally` exitWith (ExitFailure 8)
  run "immediate" = hFlush stdout >> putStr "lost" >>
    void (exitImmediately (ExitFailure 11))
  run "main-returns" = void (forkIO (forever (threadDelay 1000)))
  run other = error other
