-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Tar archives: those of POSIX (ustar, pax), GNU's with long names, and old
-- ones. Devices and the like are left out.
module HaLVM.Archive.Tar
  ( readTar
  , isTar
  ) where

import Control.Monad
import Data.Bits
import Data.ByteString (ByteString)
import qualified Data.ByteString as W
import qualified Data.ByteString.Char8 as B
import Data.Char (isDigit, isOctDigit, ord)
import qualified Data.Map.Strict as M
import Data.Word

import HaLVM.Archive.Entry
import HaLVM.Provider.File (Time (..))

-- | Might it be one? Its first header, if it has one, must have its checksum.
isTar :: ByteString -> Bool
isTar b = B.length b >= 512 && (B.all (== '\0') h || either (const False)
  (const True) (checked h))
  where h = B.take 512 b

type Headers = M.Map ByteString ByteString

-- | The entries in their order, or what is wrong with it.
readTar :: ByteString -> Either String [Entry]
readTar = go M.empty M.empty

-- The global headers of pax, and those for the next entry.
go :: Headers -> Headers -> ByteString -> Either String [Entry]
go global next b
  | B.null b = end
  | B.length b < 512 = Left "cut off in a header"
  | B.all (== '\0') (B.take 512 b) = end
  | otherwise = do
      h <- checked (B.take 512 b)
      let own = M.union next global
      size <- maybe (number h 124 12) decimal
        (if B.index h 156 `elem` "xgLK" then Nothing
         else M.lookup (B.pack "size") own)
      let rest = B.drop 512 b
          padded = (size + 511) .&. complement 511
      when (size > fromIntegral (B.length rest)) (Left "cut off in a file")
      let contents = B.take (fromIntegral size) rest
          after = B.drop (fromIntegral padded) rest
          with new = go global (M.union new next) after
      case B.index h 156 of
        'x' -> pax contents >>= with
        'g' -> do
          new <- pax contents
          go (M.union new global) next after
        'L' -> with (M.singleton (B.pack "path") (text contents))
        'K' -> with (M.singleton (B.pack "linkpath") (text contents))
        'S' -> Left "a sparse file"
        t -> do
          when (any (B.isPrefixOf (B.pack "GNU.sparse")) (M.keys own))
            (Left "a sparse file")
          e <- entry own h t size contents
          maybe id (:) e <$> go global M.empty after
  where
    end | M.null next = Right []
        | otherwise = Left "ends after a header for a next entry"

text :: ByteString -> ByteString
text = B.takeWhile (/= '\0')

field :: ByteString -> Int -> Int -> ByteString
field h at n = B.take n (B.drop at h)

-- A header whose checksum is right. Old programs added signed bytes.
checked :: ByteString -> Either String ByteString
checked h = do
  want <- number h 148 8
  let blank = W.concat [W.take 148 h, W.replicate 8 32, W.drop 156 h]
      total = W.foldl' (\s x -> s + fromIntegral x) 0 blank :: Int
      negative = W.length (W.filter (>= 128) blank)
  if fromIntegral want `elem` [total, total - 256 * negative]
    then Right h
    else Left "a header with a wrong checksum"

-- Octal, or binary if the first bit is set.
number :: ByteString -> Int -> Int -> Either String Word64
number h at n
  | W.null f = Left "no number"
  | W.head f == 0xff = Left "a negative number"
  | testBit (W.head f) 7 =
      let bytes = clearBit (W.head f) 7 : W.unpack (W.drop 1 f)
      in if any (/= 0) (take (n - 8) bytes) || bytes !! (n - 8) >= 128
         then Left "a number that is too large"
         else Right (foldl (\s x -> s `shiftL` 8 .|. fromIntegral x) 0
                (drop (n - 8) bytes))
  | B.all isOctDigit digits =
      Right (B.foldl' (\s c -> s * 8 + fromIntegral (ord c - 48)) 0 digits)
  | otherwise = Left "a number that isn't one"
  where
    f = field h at n
    digits = B.takeWhile (`notElem` " \0") (B.dropWhile (== ' ') f)

decimal :: ByteString -> Either String Word64
decimal b
  | B.null b || B.length b > 18 || not (B.all isDigit b) =
      Left "a pax number that isn't one"
  | otherwise =
      Right (B.foldl' (\s c -> s * 10 + fromIntegral (ord c - 48)) 0 b)

-- Records "LENGTH KEY=VALUE\n".
pax :: ByteString -> Either String Headers
pax b
  | B.null b = Right M.empty
  | otherwise = do
      let (l, rest) = B.span isDigit b
      n <- decimal l
      let used = B.length l + 1
          body = B.take (fromIntegral n - used) (B.drop 1 rest)
          (key, value) = B.break (== '=') (B.take (B.length body - 1) body)
      when (B.take 1 rest /= B.pack " " || fromIntegral n <= used
        || n > fromIntegral (B.length b) || B.null value
        || B.last body /= '\n') (Left "a pax header that isn't one")
      M.insert key (B.drop 1 value) <$> pax (B.drop (fromIntegral n) b)

entry :: Headers -> ByteString -> Char -> Word64 -> ByteString
      -> Either String (Maybe Entry)
entry own h t size contents = do
  p <- entryPath name
  m <- number' 100 8
  u <- maybe (number' 108 8) decimal (key "uid")
  g <- maybe (number' 116 8) decimal (key "gid")
  s <- maybe (fromIntegral <$> number' 136 12) seconds (key "mtime")
  let make k = Just (Entry p k (fromIntegral m .&. 0o7777) (fromIntegral u)
        (fromIntegral g) (Time s'))
      s' = if key "mtime" == Nothing then s * 1000000000 else s
  case t of
    _ | t `elem` ['0', '\0'] && B.isSuffixOf (B.pack "/") name ->
          Right (make DirectoryEntry')
      | t `elem` ['0', '\0', '7'] -> Right (make (FileEntry size contents))
    '1' -> make . SameEntry <$> entryPath link
    '2' -> Right (make (LinkEntry (B.take 4095 link)))
    '5' -> Right (make DirectoryEntry')
    _ -> Right Nothing
  where
    key k = M.lookup (B.pack k) own
    number' at n | B.all (`elem` " \0") (field h at n) = Right 0
                 | otherwise = number h at n
    prefix | field h 257 6 == B.pack "ustar\0" = text (field h 345 155)
           | otherwise = B.empty
    plain | B.null prefix = text (field h 0 100)
          | otherwise = B.concat [prefix, B.pack "/", text (field h 0 100)]
    name = maybe plain id (key "path")
    link = maybe (text (field h 157 100)) id (key "linkpath")
    -- Maybe negative, maybe with a fraction.
    seconds b = do
      let (minus, x) = B.span (== '-') b
          (whole, fraction) = B.break (== '.') x
          nano = B.take 9 (B.drop 1 fraction <> B.replicate 9 '0')
      w <- decimal whole
      n <- decimal nano
      when (w > 9000000000) (Left "a time that is too far away")
      let v = fromIntegral w * 1000000000 + fromIntegral n
      return (if B.null minus then v else negate v)
