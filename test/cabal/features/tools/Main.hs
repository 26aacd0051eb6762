module Main (main) where

import Lexer
import Limits
import Listed
import Parser
import Sums

main :: IO ()
main = do
  print listed
  print (value (scan "2 * (3 + 4) + 1"))
  print (SumSquares, fromEnum SumSquares, stateSize, cubed 27)
  print (bufsiz, longBits, wide 7)
