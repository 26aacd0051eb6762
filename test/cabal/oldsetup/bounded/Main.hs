module Main (main) where

main :: IO ()
main = putStrLn "by a bounded Setup"
