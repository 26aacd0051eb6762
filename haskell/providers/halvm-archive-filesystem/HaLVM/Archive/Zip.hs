-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Zip archives: files that are stored or deflated, not encrypted, up to 4 GiB.
module HaLVM.Archive.Zip
  ( readZip
  , isZip
  ) where

import Control.Exception (ErrorCall (..), throw)
import Control.Monad
import Data.Bits
import Data.ByteString (ByteString)
import qualified Data.ByteString as W
import qualified Data.ByteString.Char8 as B
import Data.Int
import Data.Time.Calendar (fromGregorian)
import Data.Time.Clock (UTCTime (..))
import Data.Time.Clock.POSIX (utcTimeToPOSIXSeconds)
import Data.Word

import HaLVM.Archive.Entry
import HaLVM.Archive.Inflate
import HaLVM.Provider.File (Time (..))

little :: Int -> Int -> ByteString -> Either String Word32
little n at b
  | at < 0 || at + n > W.length b = Left "cut off"
  | otherwise = Right (W.foldr' (\x s -> s `shiftL` 8 .|. fromIntegral x) 0
      (W.take n (W.drop at b)))

word16, word32 :: Int -> ByteString -> Either String Int
word16 at b = fromIntegral <$> little 2 at b
word32 at b = fromIntegral <$> little 4 at b

-- | Might it be one?
isZip :: ByteString -> Bool
isZip b = any (`B.isPrefixOf` b) [B.pack "PK\3\4", B.pack "PK\5\6"]

-- | The entries in their order, or what is wrong with it.
readZip :: ByteString -> Either String [Entry]
readZip b = do
  e <- maybe (Left "no list of its contents") Right (findEnd b)
  n <- word16 (e + 10) b
  at <- word32 (e + 16) b
  go n at
  where
    go 0 _ = Right []
    go n at = do
      (x, next) <- central b at
      (x :) <$> go (n - 1 :: Int) next

-- The record is at the end, with a comment of less than 64 KiB after it.
findEnd :: ByteString -> Maybe Int
findEnd b = case filter fits [last', last' - 1 .. max 0 (last' - 65535)] of
  e : _ -> Just e
  [] -> Nothing
  where
    last' = B.length b - 22
    fits i = i >= 0 && B.take 4 (B.drop i b) == B.pack "PK\5\6"
      && either (const False) (\c -> i + 22 + c <= B.length b)
        (word16 (i + 20) b)

central :: ByteString -> Int -> Either String (Entry, Int)
central b at = do
  when (B.take 4 (B.drop at b) /= B.pack "PK\1\2") (Left "no entry in its list")
  flags <- word16 (at + 8) b
  method <- word16 (at + 10) b
  time <- word16 (at + 12) b
  date <- word16 (at + 14) b
  crc <- word32 (at + 16) b
  packed <- word32 (at + 20) b
  size <- word32 (at + 24) b
  nName <- word16 (at + 28) b
  nExtra <- word16 (at + 30) b
  nComment <- word16 (at + 32) b
  external <- word32 (at + 38) b
  local <- word32 (at + 42) b
  system <- (`shiftR` 8) <$> word16 (at + 4) b
  let name = B.take nName (B.drop (at + 46) b)
      unix = if system == 3 then external `shiftR` 16 else 0
      format = unix .&. 0o170000
  when (B.length name /= nName) (Left "cut off")
  when (testBit flags 0) (Left "an encrypted file")
  when (any (== 0xffffffff) [packed, size, local]) (Left "a file of 4 GiB")
  unless (method `elem` [0, 8]) $
    Left ("a file packed by method " ++ show method)
  p <- entryPath name
  contents <- body b local packed
  when (method == 0 && packed /= size) (Left "a size that isn't one")
  -- Deflate packs to no less than a thousandth.
  when (size > packed * 1100 + 1100) (Left "a size that can't be")
  let bytes | method == 0 = Right contents
            | otherwise = inflate size contents
      file = case bytes of
        Right x | fromIntegral (crc32 x) == crc -> x
                | otherwise -> throw (ErrorCall "zip: a wrong checksum")
        Left e -> throw (ErrorCall ("zip: " ++ e))
      kind' | B.isSuffixOf (B.pack "/") name || format == 0o040000 =
                DirectoryEntry'
            | format == 0o120000 = LinkEntry (B.take 4095 file)
            | otherwise = FileEntry (fromIntegral size) file
      usual = if kind' == DirectoryEntry' then 0o755 else 0o644
      mode' = if unix .&. 0o7777 == 0 then usual else unix .&. 0o7777
  when (format == 0o120000) (void bytes)
  return ( Entry p kind' (fromIntegral mode') 0 0 (dosTime date time)
         , at + 46 + nName + nExtra + nComment )

body :: ByteString -> Int -> Int -> Either String ByteString
body b at n = do
  when (B.take 4 (B.drop at b) /= B.pack "PK\3\4") (Left "no file at its place")
  nName <- word16 (at + 26) b
  nExtra <- word16 (at + 28) b
  let x = B.take n (B.drop (at + 30 + nName + nExtra) b)
  when (B.length x /= n) (Left "cut off in a file")
  return x

-- In local time, whatever that was.
dosTime :: Int -> Int -> Time
dosTime d t = Time (round (seconds * 1000000000) :: Int64)
  where
    day = fromGregorian (1980 + fromIntegral (d `shiftR` 9))
      ((d `shiftR` 5) .&. 15) (d .&. 31)
    clock = fromIntegral ((t `shiftR` 11) * 3600 + ((t `shiftR` 5) .&. 63) * 60
      + 2 * (t .&. 31))
    seconds = utcTimeToPOSIXSeconds (UTCTime day clock)
