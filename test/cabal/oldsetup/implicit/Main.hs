module Main (main) where

main :: IO ()
main = putStrLn "by an old Setup"
