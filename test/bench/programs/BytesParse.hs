-- SPDX-License-Identifier: BSD-3-Clause
-- ByteString: a table of numbers written and parsed again.
{-# LANGUAGE BangPatterns #-}
module Main (main) where

import System.Environment (getArgs)
import qualified Data.ByteString.Builder as D
import qualified Data.ByteString.Char8 as B
import qualified Data.ByteString.Lazy as L

table :: Int -> B.ByteString
table n = L.toStrict (D.toLazyByteString (foldMap row [1 .. n]))
 where row i = D.intDec i <> D.char7 ',' <> D.intDec (i * i `mod` 9973 - 5000) <> D.string7 ",name" <> D.intDec (i `mod` 13) <> D.char7 '\n'

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let t = table size
  go t 0 0
  print (length (B.lines t), B.count ',' t)
  print (B.foldl' (\h c -> (h * 31 + fromEnum c) `mod` 1000000007) 7 t)
 where
  go :: B.ByteString -> Int -> Int -> IO ()
  go !b !s !n
    | B.null b = print (n, s)
    | otherwise = do
        let (line, rest) = B.break (== '\n') b
        case B.split ',' line of
          [i, v, name] | Just (x, _) <- B.readInt i, Just (y, _) <- B.readInt v ->
            go (B.drop 1 rest) (s + x `mod` 10 * y + B.length name) (n + 1)
          _ -> putStrLn "bad line"
