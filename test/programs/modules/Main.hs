-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a program of several modules: hierarchical, literate, preprocessed,
-- mutually recursive, orphan instances, re-exports.
module Main (main) where

import Data.Shape (Shape (..), area)
import Data.Shape.Orphans ()
import qualified Even
import Literate (greeting)
import Preprocessed

main :: IO ()
main = do
  putStrLn greeting
  print (map area [Square 2, Disc 1])
  print [Square 3]
  print (Even.even' 10, Even.even' 7)
  putStrLn branch
  print answer
