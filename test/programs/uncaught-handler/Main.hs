-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the uncaught exception handler replaced, and getUncaughtException-
-- Handler; then the top handler's flush of stdout.
import Control.Exception
import GHC.Conc (getUncaughtExceptionHandler, setUncaughtExceptionHandler)
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout (BlockBuffering Nothing)
  putStrLn "stdout, buffered"
  _ <- getUncaughtExceptionHandler
  setUncaughtExceptionHandler $ \e -> do
    hPutStrLn stderr ("handler got: " ++ displayException e)
    hPutStrLn stderr "and goes on"
  _ <- evaluate (length [1, undefined, error "not needed" :: Int])
  throwIO (AssertionFailed "assertion text")
