-- SPDX-License-Identifier: BSD-3-Clause
-- Shows lazy interact over a pipe: answers mix with what is read.
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  interact $ \s -> unlines (zipWith answer [1 :: Int ..] (lines s)) ++ "bye\n"
 where
  answer i l = show i ++ ": " ++ reverse l ++ " (" ++ show (length l) ++ ")"
