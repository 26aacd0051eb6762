module Main (main) where

import qualified Counter.List
import qualified Counter.Number

main :: IO ()
main = do
  putStrLn (Counter.List.count [1, 2, 3])
  putStrLn (Counter.Number.count [4, 5, 6])
