-- SPDX-License-Identifier: BSD-3-Clause
-- Spoils the archives that are the arguments in many ways, and reads what is
-- left of them. That may fail, but with an error, and soon.
module Main (main) where

import Control.Exception
import Control.Monad
import Data.Bits
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as BC
import Data.IORef
import qualified Data.Map as M
import Data.Word
import System.Environment
import System.Exit
import System.Timeout

import HaLVM.Archive
import HaLVM.Archive.Entry

main :: IO ()
main = do
  names <- getArgs
  seed <- newIORef (88172645463325252 :: Word64)
  good <- newIORef (0 :: Int)
  wrong <- newIORef (0 :: Int)
  forM_ names $ \name -> do
    b <- B.readFile name
    whole <- look b
    when (whole /= Right True) $ do
      putStrLn (name ++ " can't be read: " ++ show whole)
      exitFailure
    forM_ [1 .. 400 :: Int] $ \_ -> do
      x <- spoil seed b
      r <- timeout 10000000 (look x)
      case r of
        Nothing -> B.writeFile "slow" x >> putStrLn "slow" >> exitFailure
        Just (Right True) -> modifyIORef' good (+ 1)
        Just _ -> modifyIORef' wrong (+ 1)
  g <- readIORef good
  w <- readIORef wrong
  putStrLn ("still good: " ++ show (g > 0) ++ ", told: " ++ show (w > 200))

-- True: and all its files can be unpacked.
look :: B.ByteString -> IO (Either String Bool)
look b = case readArchive b of
  Left e -> Left e <$ evaluate (length e)
  Right t -> Right <$> files t

files :: Node -> IO Bool
files n = case body n of
  FileBody s b -> do
    r <- try (evaluate (B.length b))
    case r of
      Left e -> False <$ evaluate (length (show (e :: ErrorCall)))
      Right m -> return (fromIntegral m == s)
  LinkBody t -> (B.length t >= 0) <$ evaluate (length (path (about n)))
  DirectoryBody m -> and <$> mapM files (M.elems m)

random :: IORef Word64 -> Int -> IO Int
random r n = do
  a <- readIORef r
  let b = a `xor` (a `shiftL` 13)
      c = b `xor` (b `shiftR` 7)
      d = c `xor` (c `shiftL` 17)
  writeIORef r d
  return (fromIntegral (d `shiftR` 11) `mod` max 1 n)

spoil :: IORef Word64 -> B.ByteString -> IO B.ByteString
spoil r b = do
  how <- random r 8
  at' <- random r (B.length b)
  case how of
    0 -> return (B.take at' b)
    1 -> do
      n <- random r 2000
      return (B.take at' b <> B.drop (at' + n) b)
    2 -> do
      n <- random r 600
      return (B.take at' b <> B.take n (B.drop at' b) <> B.drop at' b)
    -- A header's checksum is put right again, so that more is read.
    _ -> do
      k <- (+ 1) <$> random r 3
      foldM (\x _ -> change x) b [1 .. k] >>= mend
  where
    change x = do
      block <- random r (B.length x `div` 512)
      o <- random r 512
      v <- random r 256
      let i = block * 512 + o
      return (B.take i x <> B.singleton (fromIntegral v) <> B.drop (i + 1) x)
    mend x = return (B.concat (map header (chunks x)))
    chunks x | B.null x = []
             | otherwise = B.take 512 x : chunks (B.drop 512 x)
    header h
      | B.take 5 (B.drop 257 h) /= BC.pack "ustar" = h
      | otherwise =
          let blank = B.concat [B.take 148 h, B.replicate 8 32, B.drop 156 h]
              s = B.foldl' (\t c -> t + fromIntegral c) (0 :: Int) blank
              digits = [toEnum (48 + (s `shiftR` (3 * i)) .&. 7)
                       | i <- [5, 4 .. 0]]
          in B.concat [B.take 148 h, BC.pack digits, B.pack [0, 32]
                      , B.drop 156 h]
