-- SPDX-License-Identifier: BSD-3-Clause
-- Shows lazy ByteString and Builder: chunks, infinite data, binary output.
import qualified Data.ByteString as B
import qualified Data.ByteString.Builder as D
import qualified Data.ByteString.Lazy as L
import qualified Data.ByteString.Lazy.Char8 as C
import System.IO

main :: IO ()
main = do
  let l = C.pack (take 200000 (cycle "lazy bytes "))
  print (L.length l, C.count 'z' l, length (L.toChunks l) > 1)
  print (C.take 20 (C.cycle (C.pack "abc")), L.length (L.concat (replicate 10 l)))
  L.writeFile "big" (L.append l (C.pack "END"))
  h <- openBinaryFile "big" ReadMode
  c <- L.hGetContents h
  print (C.unpack (L.drop 199995 c), L.foldl' (\a w -> a + fromIntegral w) (0 :: Int) c)
  hIsClosed h >>= print
  let d = mconcat
        [ D.intDec (-42), D.char7 ' ', D.wordHex 48879, D.char7 ' ', D.doubleDec 1.5
        , D.stringUtf8 " \955 ", D.word32BE 0xdeadbeef, D.word16LE 258, D.int64LE (-2)
        , D.floatBE 1, D.byteStringHex (B.pack [1, 171]), D.integerDec (10 ^ (25 :: Int)) ]
  print (L.unpack (D.toLazyByteString d))
  hSetBinaryMode stdout True
  D.hPutBuilder stdout (foldMap (\n -> D.intDec n <> D.charUtf8 '\n') [1 .. 2000])
  withBinaryFile "b" WriteMode (\k -> D.hPutBuilder k (foldMap D.word8 (concat (replicate 100 [0 .. 255]))))
  x <- L.readFile "b"
  print (L.length x, L.index x 300, fmap L.length (lookup 1 (zip [0 :: Int ..] (L.group x))))
  print (C.readInt (C.pack "77 rest"), L.fromStrict (L.toStrict (L.take 4 x)))
  print (map L.length (C.split ' ' (L.take 30 l)), C.lines (C.pack "p\nq"))
  print (L.zipWith (+) (L.pack [1, 2]) (L.pack [3, 4]), C.readInteger (C.pack "-99999999999999999999"))
