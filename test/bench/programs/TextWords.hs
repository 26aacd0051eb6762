-- SPDX-License-Identifier: BSD-3-Clause
-- Text: a text of words made, split, folded to lower case, counted.
module Main (main) where

import System.Environment (getArgs)
import Data.Char (isAlpha)
import Data.List (foldl', sortBy)
import qualified Data.Map.Strict as M
import qualified Data.Text as T
import qualified Data.Text.Encoding as E

vocabulary :: [T.Text]
vocabulary = map T.pack (words "The quick Brown fox jumps over the Lazy dog while \196rger und \220bermut in der Stra\223e \1074\1077\1090\1077\1088 \1089\1085\1077\1075 and nothing More happens to anybody else")

text :: Int -> T.Text
text n = T.intercalate (T.pack ", ") (map pick (take n (iterate next 7)))
 where
  table = M.fromList (zip [0 ..] vocabulary)
  pick k = table M.! ((k `div` 64) `mod` M.size table)
  next x = (x * 1103515245 + 12345) `mod` 2147483648 :: Int

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let t = E.decodeUtf8 (E.encodeUtf8 (text size))
      ws = filter (not . T.null) (T.split (not . isAlpha) (T.toLower t))
      m = foldl' (\a w -> M.insertWith (+) w (1 :: Int) a) M.empty ws
  print (T.length t, length ws, M.size m)
  mapM_ print (take 5 (sortBy (\a b -> compare (snd b) (snd a)) (M.toList m)))
  print (T.length (T.replace (T.pack "fox") (T.pack "vixen") t), T.count (T.pack "the") t)
  print (T.length (T.unwords (map (T.center 12 '.') (take (size `div` 3) ws))))
