-- SPDX-License-Identifier: BSD-3-Clause
-- Shows how +RTS options are taken from the arguments and where that ends.
import System.Environment

main :: IO ()
main = getArgs >>= mapM_ print
