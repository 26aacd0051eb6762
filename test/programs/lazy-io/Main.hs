-- SPDX-License-Identifier: BSD-3-Clause
-- Shows lazy input and output: a file read and closed as it is used, a stream
-- transformed, readFile of what is being written.
import Control.Exception
import Data.Char
import System.IO

main :: IO ()
main = do
  writeFile "in" (unlines [show i ++ " line" | i <- [1 .. 5000 :: Int]])
  s <- readFile "in"
  writeFile "out" (map toUpper s)
  t <- readFile "out"
  print (length (lines t), last (lines t))
  h <- openFile "in" ReadMode
  u <- hGetContents h
  hIsOpen h >>= print
  hShow h >>= putStrLn . takeWhile (/= ',')
  print (take 6 u)
  print (length u)
  hIsClosed h >>= print
  busy <- try (do { v <- readFile "in"; print (head v); writeFile "in" "x"; print (length v) })
  print (either (\e -> show (e :: IOException)) show busy)
  withFile "in" ReadMode hGetContents >>= \w -> do
    r <- try (evaluate (length w))
    print (either (\e -> show (e :: IOException)) show r)
  k <- openFile "in" ReadMode
  x <- hGetContents k
  hClose k
  y <- try (evaluate (length x))
  print (either (\e -> show (e :: IOException)) show y)
