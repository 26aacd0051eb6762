-- SPDX-License-Identifier: BSD-3-Clause
-- Shows heap exhaustion under +RTS -M: uncaught and caught.
import Control.Exception
import System.Environment
import System.IO

main :: IO ()
main = do
  how <- getArgs
  hSetBuffering stdout LineBuffering
  putStrLn "before"
  case how of
    ["uncaught"] -> grow >>= print
    _ -> do
      r <- try grow
      case r of
        Left HeapOverflow -> putStrLn "caught a heap overflow"
        Left e -> print e
        Right n -> print n
      print (sum [1 .. 100000 :: Int])
  putStrLn "after"

grow :: IO Int
grow = do
  let xs = [1 ..] :: [Int]
  evaluate (length (take 50000000 xs) + head xs + xs !! 20000000)
