module Main (main) where

import Parts
import Parts.Inner

main :: IO ()
main = print (length name - length inner)
