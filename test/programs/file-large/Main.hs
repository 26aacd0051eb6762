-- SPDX-License-Identifier: BSD-3-Clause
-- Shows offsets beyond 4 GiB in a file of holes, and a megabyte copied in
-- blocks.
import Control.Monad
import qualified Data.ByteString as B
import System.Directory
import System.IO

main :: IO ()
main = do
  let far = 5 * 1024 * 1024 * 1024
  withBinaryFile "sparse" ReadWriteMode $ \h -> do
    hSeek h AbsoluteSeek far
    B.hPut h (B.pack [1, 2, 3])
    hFileSize h >>= print
    hSeek h RelativeSeek (-2)
    B.hGet h 10 >>= print . B.unpack
    hTell h >>= print
    hSeek h AbsoluteSeek (far - 2)
    B.hGet h 4 >>= print . B.unpack
    hSetFileSize h (2 ^ (33 :: Int))
  getFileSize "sparse" >>= print
  removeFile "sparse"
  withBinaryFile "from" WriteMode $ \h ->
    forM_ [0 .. 255] $ \i -> B.hPut h (B.replicate 4096 i)
  withBinaryFile "from" ReadMode $ \i -> withBinaryFile "to" WriteMode $ \o -> do
    let loop = B.hGet i 10000 >>= \b -> unless (B.null b) (B.hPut o b >> loop)
    loop
  a <- B.readFile "from"
  b <- B.readFile "to"
  print (B.length a, a == b)
