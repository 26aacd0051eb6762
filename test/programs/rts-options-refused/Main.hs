-- Shows RTS options refused by a program linked without -rtsopts.
main :: IO ()
main = putStrLn "ran"
