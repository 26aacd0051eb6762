-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the least a program does: one line on stdout, exit status 0.
main :: IO ()
main = putStrLn "Hello from Haskell"
