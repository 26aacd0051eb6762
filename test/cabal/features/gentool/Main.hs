module Main (main) where

import System.Environment (getArgs)
import System.IO.Error (ioeGetErrorString)

-- GHC calls it with the original's name, input and output, and what -optF
-- gives: it appends a function with each line that begins with "-- list: ".
main :: IO ()
main = do
  args <- getArgs
  case args of
    (_ : input : output : names) -> do
      text <- readFile input
      let items = [drop 9 l | l <- lines text, take 9 l == "-- list: "]
      writeFile output (text ++ unlines (concatMap (function items) names))
    _ -> ioError (userError (ioeGetErrorString (userError "usage")))

function :: [String] -> String -> [String]
function items name =
  [name ++ " :: [String]", name ++ " = " ++ show items]
