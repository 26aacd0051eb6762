-- SPDX-License-Identifier: BSD-3-Clause
-- Shows strict ByteString: slicing, searching, numbers, sharing, breaking.
{-# LANGUAGE OverloadedStrings #-}
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import qualified Data.ByteString.Short as S
import qualified Data.ByteString.Unsafe as U
import Data.Char (toUpper)

main :: IO ()
main = do
  let b = C.pack "the quick brown fox jumps over the lazy dog"
  print (C.words b, C.length b, C.elemIndex 'q' b, C.findIndices (== 'o') b)
  print (C.split 'o' b, C.breakSubstring "fox" b, C.spanEnd (/= ' ') b)
  print (C.map toUpper b, C.reverse b, C.count 'o' b, C.unwords ["a", "b"])
  print (B.sort b, B.isPrefixOf "the" b, B.isSuffixOf "dog" b, B.isInfixOf "jump" b)
  print (C.readInt "-123abc", C.readInteger "123456789012345678901234567890 x", C.readInt "x")
  print (B.foldl' (\a w -> (a * 33 + fromIntegral w) `mod` 1000000007) (5381 :: Int) b)
  print (B.pack [0, 127, 128, 255], B.unpack "\NUL\255", C.unpack (B.pack [228]))
  print (B.concatMap (B.replicate 2) "abc", B.intercalate ", " ["x", "y", "z"], B.group "aabccc")
  print (B.zip "ab" "xyz", B.unfoldr (\n -> if n > 5 then Nothing else Just (n + 65, n + 1)) 0)
  print (B.take 3 (B.drop 4 b), B.splitAt 3 b, C.dropWhileEnd (/= 'l') b, C.strip "  x y ")
  print (compare "abc" ("abd" :: B.ByteString), "a" < ("b" :: B.ByteString), maximum [b, "zz"])
  print (B.null B.empty, B.head b, B.last b, U.unsafeIndex b 2, B.index b 2)
  print (S.fromShort (S.toShort b) == b, S.length (S.toShort b), S.index "xyz" 1)
  r <- B.useAsCStringLen b (\(p, n) -> B.packCStringLen (p, n `div` 2))
  print r
  U.unsafeUseAsCString (b <> "\0tail") B.packCString >>= print . (== b)
  print (B.tails "abc", B.inits "abc", B.scanl (+) 0 "\1\2\3", C.lines "x\n\ny")
  C.putStrLn (C.unlines (map (C.pack . show) [1 :: Int, 2, 3]))
  print (B.copy (B.take 1 b), B.partition even "\1\2\3\4")
  C.interact (C.map toUpper)
