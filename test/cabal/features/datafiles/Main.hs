module Main (main) where

import Data.Version (showVersion)
import Paths_datafiles

main :: IO ()
main = do
  putStrLn (showVersion version)
  getDataFileName "words.txt" >>= readFile >>= putStr
