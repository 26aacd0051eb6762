-- SPDX-License-Identifier: BSD-3-Clause
-- Shows binary files through ByteString, hGetBuf/hPutBuf and hGetChar.
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import Data.Word (Word8)
import Foreign
import System.IO

main :: IO ()
main = do
  let every = B.pack [0 .. 255]
  B.writeFile "bin" (B.concat (replicate 1000 every))
  B.appendFile "bin" (C.pack "tail\r\n\0")
  b <- B.readFile "bin"
  print (B.length b, B.foldl' (\a x -> (a * 31 + fromIntegral x) .&. 0xffffff)
                       (7 :: Int) b)
  withBinaryFile "bin" ReadMode $ \h -> do
    hSetBuffering h (BlockBuffering Nothing)
    allocaBytes 1000 $ \p -> do
      n <- hGetBuf h p 1000
      xs <- peekArray n (p :: Ptr Word8)
      print (n, sum (map fromIntegral xs :: [Int]))
    hSeek h SeekFromEnd (-7)
    rest <- hGetContents h
    print rest
  withBinaryFile "out" WriteMode $ \h ->
    withArray [1, 2, 3, 0xfffffffe :: Word32] $ \p -> hPutBuf h p 16
  B.readFile "out" >>= print . B.unpack
  withFile "out" ReadMode $ \h -> do
    hSetBinaryMode h True
    cs <- hGetContents h
    print (map fromEnum cs)
  withFile "out" ReadMode $ \h -> allocaBytes 64 $ \p -> do
    hSetBinaryMode h True
    n <- hGetBufSome h p 64
    m <- hGetBufNonBlocking h (p :: Ptr Word8) 64
    print (n, m)
