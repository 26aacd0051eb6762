-- SPDX-License-Identifier: BSD-3-Clause
-- Shows reading stdin by line, by character, with isEOF and lookahead.
import Control.Monad
import System.IO

main :: IO ()
main = do
  hGetBuffering stdin >>= print
  l <- getLine
  putStrLn ("first: " ++ show l)
  c <- getChar
  d <- hLookAhead stdin
  print (c, d)
  n <- readLn :: IO Int
  print (n * 2)
  xs <- fmap read getLine :: IO [Double]
  print (sum xs)
  hWaitForInput stdin 1000 >>= print
  hReady stdin >>= print
  let loop i = do
        eof <- isEOF
        unless eof $ do
          t <- getLine
          putStrLn (show (i :: Int) ++ " " ++ show t)
          loop (i + 1)
  loop 1
