-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What is in a file: blocks by their number. Bytes that no block has are zero,
-- so a hole takes no room.
--
-- No block is empty or has bytes at or behind the file's size.
module HaLVM.FileSystem.Map.Contents
  ( Contents
  , empty
  , fromByteString
  , size
  , allocated
  , readBytes
  , writeBytes
  , resize
  , blockSize
  ) where

import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.IntMap.Strict as M
import Data.Word

-- | What is in a file.
data Contents = Contents
  { size :: !Word64 -- ^ In bytes.
  , blocks :: !(M.IntMap ByteString)
  }

-- | The most that a block has.
blockSize :: Num a => a
blockSize = 4096

-- | Nothing.
empty :: Contents
empty = Contents 0 M.empty

-- | These bytes.
fromByteString :: ByteString -> Contents
fromByteString b = writeBytes 0 b empty

-- | How much room the blocks take, in bytes.
allocated :: Contents -> Word64
allocated = (blockSize *) . fromIntegral . M.size . blocks

-- | At most so many bytes from a place on; none behind the end.
readBytes :: Word64 -> Int -> Contents -> ByteString
readBytes at n c
  | at >= size c = B.empty
  | otherwise = B.concat (go at (fromIntegral (min (fromIntegral n) left)))
  where
    left = size c - at
    go p m
      | m <= 0 = []
      | otherwise =
          let (i, o) = p `divMod` blockSize
              k = min m (blockSize - fromIntegral o)
              b = M.findWithDefault B.empty (fromIntegral i) (blocks c)
              x = B.take k (B.drop (fromIntegral o) b)
          in x : B.replicate (k - B.length x) 0
               : go (p + fromIntegral k) (m - k)

-- | With the bytes at a place.
writeBytes :: Word64 -> ByteString -> Contents -> Contents
writeBytes at b c
  | B.null b = c
  | otherwise =
      let (i, o) = at `divMod` blockSize
          (x, rest) = B.splitAt (blockSize - fromIntegral o) b
          put = Just . overlay (fromIntegral o) x . maybe B.empty id
          end = at + fromIntegral (B.length x)
          c' = Contents (max (size c) end)
            (M.alter put (fromIntegral i) (blocks c))
      in writeBytes end rest c'

overlay :: Int -> ByteString -> ByteString -> ByteString
overlay o x old = B.concat
  [ B.take o old, B.replicate (o - B.length old) 0, x
  , B.drop (o + B.length x) old ]

-- | Shorter, or longer by zeros.
resize :: Word64 -> Contents -> Contents
resize n c
  | n >= size c = c { size = n }
  | otherwise = Contents n (maybe id cut last' before)
  where
    (i, o) = n `divMod` blockSize
    (before, last', _) = M.splitLookup (fromIntegral i) (blocks c)
    cut b | o == 0 = id
          | otherwise = M.insert (fromIntegral i) (B.take (fromIntegral o) b)
