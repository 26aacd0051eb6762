-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Data.Binary: derived and own instances, round trips, failures, files.
{-# LANGUAGE DeriveGeneric #-}
import Control.Monad
import Data.Binary
import Data.Binary.Get
import Data.Binary.Put
import qualified Data.ByteString as B
import qualified Data.ByteString.Lazy as L
import qualified Data.IntMap as I
import Data.Int
import qualified Data.Map as M
import qualified Data.Text as T
import GHC.Generics (Generic)

data Shape = Circle Double | Poly { points :: [(Int, Int)], label :: T.Text } | Empty deriving (Eq, Show, Generic)
instance Binary Shape
newtype Version = Version [Word8] deriving (Eq, Show)
instance Binary Version where
  put (Version v) = putWord8 (fromIntegral (length v)) >> mapM_ put v
  get = getWord8 >>= \n -> Version <$> replicateM (fromIntegral n) get

main :: IO ()
main = do
  trip (Poly [(1, -1), (maxBound, minBound)] (T.pack "\955 label"))
  trip [Circle 1.5, Empty]
  trip (M.fromList [(i, show i) | i <- [1 .. 50 :: Int]])
  trip (I.fromList [(-1, Just 'x'), (1, Nothing)], Version [1, 2, 3], 2 ^ (200 :: Int) :: Integer)
  trip (1.0e-310 :: Double, -0.0 :: Float, 1 / 0 :: Double, (-5) :: Int8, maxBound :: Word64)
  trip (Left "left" :: Either String (Maybe [Bool]))
  print (L.unpack (encode (Version [7, 8])), L.unpack (encode (258 :: Word32)), L.unpack (encode 'λ'))
  print (L.unpack (runPut (putWord16le 258 >> putWord32be 1 >> putInt64host 2 >> putByteString (B.pack [9]) >> putDoublele 1)))
  print (runGet (replicateM 2 getWord16be >>= \ws -> (,,) ws <$> bytesRead <*> isEmpty) (L.pack [1, 2, 3, 4]))
  print (runGet (lookAhead getWord8 >>= \a -> (,) a <$> getRemainingLazyByteString) (L.pack [5, 6]))
  fails (decodeOrFail (L.pack [0, 0, 0]) :: R Word32)
  fails (decodeOrFail (L.pack [9]) :: R Shape)
  fails (decodeOrFail (L.pack [2]) :: R Bool)
  fails (runGetOrFail (skip 2 >> fail "by hand" :: Get ()) (L.pack [1, 2, 3]))
  encodeFile "f.bin" (replicate 1000 (Circle 2))
  xs <- decodeFile "f.bin"
  print (length (xs :: [Shape]), all (== Circle 2) xs)
  case pushChunk (pushChunk (runGetIncremental (get :: Get Word32)) (B.pack [0, 0])) (B.pack [1, 1, 7]) of
    Done rest n v -> print (B.unpack rest, n, v)
    _ -> putStrLn "not done"
 where
  trip x = print (decode (encode x) == x, L.length (encode x))
  fails (Left (_, n, m)) = print (n, m)
  fails (Right (_, _, v)) = print v

type R a = Either (L.ByteString, ByteOffset, String) (L.ByteString, ByteOffset, a)
