-- SPDX-License-Identifier: BSD-3-Clause
-- What a program sees of what goes wrong in a file system.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import Data.IORef
import GHC.IO.Exception (IOException (..))
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  writeFile "/there" "text"
  forM_ [ "there", "errno", "kind", "user", "call", "lazy", "stack"
        , "blocked", "killed", "twice", "itself", "traces", "below", "collects"
        ] $ \name -> do
    r <- try (readFile ('/' : name) >>= \t -> t <$ evaluate (length t))
    putStrLn (name ++ ": " ++ either failure show r)
  ticks <- newIORef (0 :: Int)
  t <- forkIO $ forever $ threadDelay 10000 >> modifyIORef' ticks (+ 1)
  _ <- readFile "/slow" >>= evaluate . length
  killThread t
  n <- readIORef ticks
  putStrLn ("others ran: " ++ show (n > 3))
  where
    failure e = show (ioe_errno e) ++ " " ++ show (ioe_type e)
