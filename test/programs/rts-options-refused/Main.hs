-- SPDX-License-Identifier: BSD-3-Clause
-- Shows RTS options refused by a program linked without -rtsopts.
main :: IO ()
main = putStrLn "ran"
