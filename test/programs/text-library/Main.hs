-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Data.Text: slicing, searching, case, folding, files, lazy, builder.
{-# LANGUAGE OverloadedStrings #-}
import Control.Exception
import qualified Data.ByteString as B
import qualified Data.Text as T
import qualified Data.Text.Encoding as E
import qualified Data.Text.Encoding.Error as E
import qualified Data.Text.IO as T
import qualified Data.Text.Lazy as L
import qualified Data.Text.Lazy.Builder as D
import qualified Data.Text.Lazy.Builder.Int as D
import qualified Data.Text.Lazy.IO as L
import qualified Data.Text.Read as R

main :: IO ()
main = do
  let t = "  The Straße of \955ambda, \128039 and \1076\1086\1084  " :: T.Text
  T.putStrLn (T.strip t)
  T.putStrLn (T.toUpper t)
  print (T.length t, T.toCaseFold "STRASSE" == T.toCaseFold "Straße", T.toTitle "ab cd")
  print (T.splitOn "a" "banana", T.breakOn "an" "banana", T.breakOnEnd "an" "banana")
  print (T.words t, T.lines "a\n\nb", T.chunksOf 3 "abcdefgh")
  print (T.replace "an" "AN" "banana", T.count "na" "banana", T.isInfixOf "nan" "banana")
  print (T.foldl' (\n c -> n * 31 + fromEnum c) 7 t `mod` 1000003)
  print (T.justifyLeft 6 '.' "ab", T.justifyRight 6 '.' "ab", T.center 7 '*' "ab")
  print (T.zip "ab" "xyz", T.transpose ["abc", "de"], T.intercalate ", " ["x", "y"])
  print (R.decimal "123abc" :: Either String (Int, T.Text))
  print (R.signed R.hexadecimal "-ffz" :: Either String (Int, T.Text), R.double "1.5e3x")
  let b = E.encodeUtf8 t
  print (B.length b, E.decodeUtf8 b == t, B.length (E.encodeUtf16LE t), B.length (E.encodeUtf32BE t))
  print (E.decodeUtf8With E.lenientDecode (B.pack [97, 255, 98]), E.decodeLatin1 (B.pack [233]))
  r <- try (evaluate (E.decodeUtf8 (B.pack [97, 0xc3, 0x28])))
  print (r :: Either E.UnicodeException T.Text)
  T.writeFile "t.txt" (T.unlines (replicate 1000 t))
  T.appendFile "t.txt" "end"
  u <- T.readFile "t.txt"
  print (T.length u, T.takeEnd 3 u, last (T.lines u))
  l <- L.readFile "t.txt"
  print (L.length l, L.take 5 (L.reverse l))
  L.putStrLn (D.toLazyText (mconcat [D.decimal n <> D.singleton ' ' | n <- [1 .. 20 :: Int]] <> D.hexadecimal (255 :: Int)))
  print (T.pack "\55296\65535" , T.singleton '\1114111')
