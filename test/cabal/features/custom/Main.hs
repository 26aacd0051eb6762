module Main (main) where

import Words_custom

main :: IO ()
main = putStrLn (unwords (listed ++ ["for", compiler, cc]))
