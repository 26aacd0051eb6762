-- SPDX-License-Identifier: BSD-3-Clause
-- Shows haskeline without a terminal: prompts, history, end of input.
import System.Console.Haskeline
import System.Console.Haskeline.History (historyLines)
import Control.Monad.IO.Class
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  runInputT defaultSettings { historyFile = Nothing, autoAddHistory = True } (loop 1)
 where
  loop :: Int -> InputT IO ()
  loop n = do
    l <- getInputLine (show n ++ "> ")
    case l of
      Nothing -> outputStrLn "end of input"
      Just "char" -> do
        c <- getInputChar "char? "
        outputStrLn (show c)
        loop (n + 1)
      Just "password" -> do
        p <- getPassword (Just '*') "password? "
        outputStrLn (show p)
        loop (n + 1)
      Just "history" -> do
        h <- getHistory
        outputStrLn (show (historyLines h))
        loop (n + 1)
      Just s -> do
        t <- haveTerminalUI
        liftIO (putStrLn (show t ++ " " ++ show s))
        loop (n + 1)
