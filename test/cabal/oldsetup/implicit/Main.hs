module Main (main) where

import Number

main :: IO ()
main = putStrLn ("by an old Setup, " ++ show number)
