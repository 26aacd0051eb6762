-- SPDX-License-Identifier: BSD-3-Clause
-- Shows <<loop>>: a value that needs itself, found by the collector.
import Control.Exception

main :: IO ()
main = do
  r <- try (evaluate (let x = length (show x) + 1 in x :: Int))
  case r of
    Left NonTermination -> putStrLn "caught a loop"
    Right n -> print n
  let ys = 1 : map (+ last ys) [1, 2, 3 :: Integer]
  print (sum ys)
