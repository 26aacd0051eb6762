-- SPDX-License-Identifier: BSD-3-Clause
-- Shows arguments: empty, blanks, quotes, non-ASCII, bytes that are no UTF-8.
import Control.Monad
import Data.Char (ord)
import System.Environment

main :: IO ()
main = do
  getProgName >>= putStrLn
  args <- getArgs
  print (length args)
  forM_ args $ \a -> print (length a, a, map ord a)
  withArgs ["other", ""] (getArgs >>= print)
  withProgName "renamed" (getProgName >>= putStrLn)
  getArgs >>= print . (== args)
