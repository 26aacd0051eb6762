-- SPDX-License-Identifier: BSD-3-Clause
-- Shows stack overflow under +RTS -K: uncaught and caught, and that a deep
-- recursion goes well without the limit.
import Control.Exception
import System.Environment

count :: Integer -> Integer
count 0 = 0
count n = 1 + count (n - 1)

main :: IO ()
main = do
  how <- getArgs
  putStrLn "before"
  case how of
    ["caught"] -> do
      r <- try (evaluate (count 1000000))
      print (r :: Either AsyncException Integer)
    _ -> print (count 1000000)
  print (foldr (+) 0 [1 .. 1000 :: Int])
