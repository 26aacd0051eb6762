-- SPDX-License-Identifier: BSD-3-Clause
-- Output: builders, printf, putStr and handles with small buffers.
module Main (main) where

import System.Environment (getArgs)
import Control.Monad
import qualified Data.ByteString.Builder as D
import System.IO
import Text.Printf

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  hSetBuffering stdout (BlockBuffering Nothing)
  D.hPutBuilder stdout (foldMap (\i -> D.intDec i <> D.char7 ' ' <> D.wordHex (fromIntegral i) <> D.char7 '\n') [1 .. size :: Int])
  forM_ [1 .. size `div` 12] $ \i -> printf "%5d %-8s %08.3f\n" i (show (i * i)) (fromIntegral i / 7 :: Double)
  forM_ [1 .. size `div` 2] $ \i -> putStrLn ("line " ++ show i)
  hSetBuffering stdout LineBuffering
  forM_ [1 .. size `div` 8] print
