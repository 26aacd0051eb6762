-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Unpacks what was packed by "deflate" (RFC 1951).
module HaLVM.Archive.Inflate
  ( inflate
  , crc32
  ) where

import Control.Exception
import Control.Monad
import Data.Array.Unboxed
import Data.Bits
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.ByteString.Internal as BI
import qualified Data.ByteString.Unsafe as BU
import Data.IORef
import Data.Word
import Foreign.Ptr
import Foreign.Storable
import System.IO.Unsafe (unsafePerformIO)

-- | To exactly so many bytes, or what is wrong with it.
inflate :: Int -> ByteString -> Either String ByteString
inflate size b = unsafePerformIO $ do
  r <- try $ BI.create size $ \to -> do
    s <- State b to size <$> newIORef 0 <*> newIORef 0
    blocks s
    n <- readIORef (written s)
    when (n /= size) (bad "is shorter than it should be")
  return (either (Left . message) Right r)
  where
    message :: ErrorCall -> String
    message = takeWhile (/= '\n') . show

data State = State
  { input :: !ByteString
  , output :: !(Ptr Word8)
  , room :: !Int
  , position :: !(IORef Int) -- in bits
  , written :: !(IORef Int)
  }

bad :: String -> IO a
bad what = throwIO (ErrorCall ("packed data " ++ what))

-- The next bits, the lowest first.
bits :: State -> Int -> IO Int
bits s n = do
  p <- readIORef (position s)
  when (p + n > 8 * B.length (input s)) (bad "is cut off")
  writeIORef (position s) $! p + n
  let byte i
        | i < B.length (input s) = fromIntegral (BU.unsafeIndex (input s) i)
        | otherwise = 0 :: Int
      i0 = p `shiftR` 3
      w = byte i0 .|. byte (i0 + 1) `shiftL` 8 .|. byte (i0 + 2) `shiftL` 16
  return ((w `shiftR` (p .&. 7)) .&. (bit n - 1))

put :: State -> Word8 -> IO ()
put s w = do
  n <- readIORef (written s)
  when (n >= room s) (bad "is longer than it should be")
  poke (output s `plusPtr` n) w
  writeIORef (written s) $! n + 1

blocks :: State -> IO ()
blocks s = do
  final <- bits s 1
  t <- bits s 2
  case t of
    0 -> stored s
    1 -> codes s fixedLengths fixedDistances
    2 -> dynamic s >>= uncurry (codes s)
    _ -> bad "has a block of no kind"
  when (final == 0) (blocks s)

stored :: State -> IO ()
stored s = do
  modifyIORef' (position s) (\p -> (p + 7) .&. complement 7)
  n <- bits s 16
  m <- bits s 16
  when (n /= complement m .&. 0xffff) (bad "has a length that isn't one")
  replicateM_ n (bits s 8 >>= put s . fromIntegral)

-- | How many codes have a length, and the symbols in the order of their codes.
data Code = Code !(UArray Int Int) !(UArray Int Int)

-- | Of the symbols' lengths; Nothing if there are too many codes.
code :: [Int] -> Maybe Code
code ls
  | left < 0 = Nothing
  | otherwise = Just (Code counts symbols)
  where
    counts = accumArray (+) 0 (0, 15) [(l, 1) | l <- ls]
    left = foldl (\x n -> if x < 0 then x else 2 * x - counts ! n) 1 [1 .. 15]
    sorted = [i | n <- [1 .. 15 :: Int], (i, l) <- zip [0 ..] ls, l == n]
    symbols = listArray (0, max 0 (length sorted - 1)) (sorted ++ [0])

-- Canonical codes: those of a length follow each other.
symbol :: State -> Code -> IO Int
symbol s (Code counts symbols) = go 1 0 0 0
  where
    go n c first i
      | n > (15 :: Int) = bad "has a code that isn't one"
      | otherwise = do
          b <- bits s 1
          let c' = c .|. b
              k = counts ! n
          if c' - k < first
            then return (symbols ! (i + c' - first))
            else go (n + 1) (c' `shiftL` 1) ((first + k) `shiftL` 1) (i + k)

fixedLengths, fixedDistances :: Code
fixedLengths = maybe (error "fixed") id $ code $ replicate 144 8
  ++ replicate 112 9 ++ replicate 24 7 ++ replicate 8 8
fixedDistances = maybe (error "fixed") id (code (replicate 30 5))

dynamic :: State -> IO (Code, Code)
dynamic s = do
  nLength <- (+ 257) <$> bits s 5
  nDistance <- (+ 1) <$> bits s 5
  n <- (+ 4) <$> bits s 4
  when (nLength > 286 || nDistance > 30) (bad "has too many codes")
  ls <- replicateM n (bits s 3)
  let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
      first = elems (accumArray (\_ x -> x) 0 (0, 18) (zip order ls)
        :: UArray Int Int)
  c <- make first
  lengths <- reverse <$> readLengths c (nLength + nDistance) []
  when (lengths !! 256 == 0) (bad "has no end")
  (,) <$> make (take nLength lengths) <*> make (drop nLength lengths)
  where
    make = maybe (bad "has codes that aren't any") return . code
    -- The lengths so far, the last one first.
    readLengths c left acc
      | left < 0 = bad "has too many codes"
      | left == 0 = return acc
      | otherwise = do
          x <- symbol s c
          case x of
            16 -> case acc of
              [] -> bad "repeats nothing"
              l : _ -> again c left acc l 3 2
            17 -> again c left acc 0 3 3
            18 -> again c left acc 0 11 7
            _ -> readLengths c (left - 1) (x : acc)
    again c left acc l least n = do
      k <- (+ least) <$> bits s n
      readLengths c (left - k) (replicate k l ++ acc)

codes :: State -> Code -> Code -> IO ()
codes s lengths distances = do
  x <- symbol s lengths
  case () of
    _ | x < 256 -> put s (fromIntegral x) >> codes s lengths distances
      | x == 256 -> return ()
      | x > 285 -> bad "has a length that isn't one"
      | otherwise -> do
          n <- (lengthBase ! (x - 257) +) <$> bits s (lengthExtra ! (x - 257))
          y <- symbol s distances
          when (y > 29) (bad "has a distance that isn't one")
          d <- (distanceBase ! y +) <$> bits s (distanceExtra ! y)
          at <- readIORef (written s)
          when (d > at) (bad "repeats what isn't there")
          when (at + n > room s) (bad "is longer than it should be")
          forM_ [at .. at + n - 1] $ \i -> do
            w <- peek (output s `plusPtr` (i - d)) :: IO Word8
            poke (output s `plusPtr` i) w
          writeIORef (written s) $! at + n
          codes s lengths distances

table :: [Int] -> UArray Int Int
table xs = listArray (0, length xs - 1) xs

lengthBase, lengthExtra, distanceBase, distanceExtra :: UArray Int Int
lengthBase = table
  [ 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67
  , 83, 99, 115, 131, 163, 195, 227, 258 ]
lengthExtra = table ([0, 0, 0, 0] ++ concatMap (replicate 4) [0 .. 5] ++ [0])
distanceBase = table (1 : 2 : [b + h | n <- [0 .. 13], let b = 2 * bit n + 1
  , h <- [0, bit n]])
distanceExtra = table (0 : 0 : concatMap (replicate 2) [0 .. 13])

-- | The checksum of zip.
crc32 :: ByteString -> Word32
crc32 = complement . B.foldl' step 0xffffffff
  where
    step c x = (c `shiftR` 8) `xor` (crcTable ! fromIntegral ((c `xor`
      fromIntegral x) .&. 0xff))

crcTable :: UArray Int Word32
crcTable = listArray (0, 255) [iterate next n !! 8 | n <- [0 .. 255]]
  where
    next c | testBit c 0 = 0xedb88320 `xor` (c `shiftR` 1)
           | otherwise = c `shiftR` 1
