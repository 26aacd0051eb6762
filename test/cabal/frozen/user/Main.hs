module Main (main) where

import Dep (depVersion)

main :: IO ()
main = putStrLn ("dep " ++ depVersion)
