module Main (main) where

import Control.Monad (when)
import Parts
import Parts.Open
import System.Environment (lookupEnv)
import System.Exit (ExitCode (ExitFailure), exitWith)

main :: IO ()
main = do
  putStrLn name
  putStrLn open
  print flags
  fails <- lookupEnv "PARTS_FAIL"
  when (fails == Just "yes") (exitWith (ExitFailure 7))
