{-# LANGUAGE TemplateHaskell #-}

module Main (main) where

import Table

main :: IO ()
main = do
  print $(table "table.txt")
  print ($(sumNow [1, 2, 3]) :: Int)
