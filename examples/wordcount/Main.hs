-- SPDX-License-Identifier: BSD-3-Clause
{-# LANGUAGE OverloadedStrings #-}

-- | The most frequent words of a text, one a line, with their counts.
--
-- > wordcount [N] [FILE]
--
-- N is 10 and the text is standard input unless they are given.
module Main (main) where

import           Data.Char          (isAlpha)
import           Data.List          (sortOn)
import qualified Data.Map.Strict    as Map
import           Data.Ord           (Down (..))
import           Data.Text          (Text)
import qualified Data.Text          as Text
import qualified Data.Text.IO       as Text
import           System.Environment (getArgs, getProgName)
import           System.Exit        (exitWith, ExitCode (..))
import           System.IO
import           Text.Read          (readMaybe)

main :: IO ()
main = do
  mapM_ (`hSetEncoding` utf8) [stdin, stdout]
  args <- getArgs
  case args of
    []                              -> report 10 =<< Text.getContents
    [n] | Just top <- count n       -> report top =<< Text.getContents
    [n, file] | Just top <- count n -> report top =<< readText file
    _                               -> usage

usage :: IO ()
usage = do
  me <- getProgName
  hPutStrLn stderr ("usage: " ++ me ++ " [N] [FILE]")
  exitWith (ExitFailure 2)

count :: String -> Maybe Int
count s = case readMaybe s of
  Just n | n > 0 -> Just n
  _              -> Nothing

readText :: FilePath -> IO Text
readText file = do
  h <- openFile file ReadMode
  hSetEncoding h utf8
  Text.hGetContents h

report :: Int -> Text -> IO ()
report n text = do
  let counts = frequencies text
      top = take n (sortOn (\(w, c) -> (Down c, w)) (Map.toList counts))
      width = maximum (0 : map (length . show . snd) top)
  mapM_ (Text.putStrLn . line width) top
  putStrLn (show (sum (Map.elems counts)) ++ " words, "
            ++ show (Map.size counts) ++ " different")

line :: Int -> (Text, Int) -> Text
line width (word, c) =
  Text.justifyRight width ' ' (Text.pack (show c)) <> " " <> word

frequencies :: Text -> Map.Map Text Int
frequencies text =
  Map.fromListWith (+) [(Text.toLower w, 1) | w <- wordsOf text]

-- A word is letters, with apostrophes inside it.
wordsOf :: Text -> [Text]
wordsOf = filter (not . Text.null)
        . map (Text.dropAround (== '\''))
        . Text.split (\c -> not (isAlpha c) && c /= '\'')
