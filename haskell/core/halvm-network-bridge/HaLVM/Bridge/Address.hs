-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Socket addresses as C has them.
module HaLVM.Bridge.Address
  ( peekAddress
  , pokeAddress
  , familyNumber
  , familyOf
  ) where

import Control.Monad
import Data.Bits
import Data.Int
import Data.Word
import Foreign.Ptr
import Foreign.Storable

import HaLVM.Provider.Error
import HaLVM.Provider.Socket

-- | AF_*.
familyNumber :: Family -> Int32
familyNumber Inet = 2
familyNumber Inet6 = 10

-- | Of AF_*.
familyOf :: Int32 -> Maybe Family
familyOf 2 = Just Inet
familyOf 10 = Just Inet6
familyOf _ = Nothing

big16 :: Ptr a -> Int -> IO Word16
big16 p o = do
  a <- peekByteOff p o :: IO Word8
  b <- peekByteOff p (o + 1) :: IO Word8
  return (fromIntegral a `shiftL` 8 .|. fromIntegral b)

big32 :: Ptr a -> Int -> IO Word32
big32 p o = do
  a <- big16 p o
  b <- big16 p (o + 2)
  return (fromIntegral a `shiftL` 16 .|. fromIntegral b)

-- | From C's memory with its size. @EINVAL@, @EAFNOSUPPORT@.
peekAddress :: Ptr a -> Word32 -> IO SocketAddress
peekAddress p size = do
  when (size < 2) (failWith eINVAL "address")
  f <- peekByteOff p 0 :: IO Word16
  case familyOf (fromIntegral f) of
    Just Inet | size >= 16 -> flip InetAddress <$> big16 p 2 <*> big32 p 4
    Just Inet6 | size >= 24 -> do
      h <- (,,,) <$> big32 p 8 <*> big32 p 12 <*> big32 p 16 <*> big32 p 20
      Inet6Address h <$> big16 p 2 <*> big32 p 4
        <*> if size >= 28 then peekByteOff p 24 else return 0
    Nothing -> failWith eAFNOSUPPORT "address"
    _ -> failWith eINVAL "address"

-- | To C's memory, as much as there is room for, and the size that it has.
-- Nothing if there is no memory.
pokeAddress :: Ptr Word8 -> Ptr Word32 -> SocketAddress -> IO ()
pokeAddress p pSize a = unless (p == nullPtr || pSize == nullPtr) $ do
  room <- peek pSize
  bytes <- return (encode a)
  zipWithM_ (pokeElemOff p) [0 .. fromIntegral room - 1] bytes
  poke pSize (fromIntegral (length bytes))

encode :: SocketAddress -> [Word8]
encode a = number ++ case a of
  InetAddress h p -> be16 p ++ be32 h ++ replicate 8 0
  Inet6Address (w, x, y, z) p f s ->
    be16 p ++ be32 f ++ concatMap be32 [w, x, y, z] ++ reverse (be32 s)
  where
    number = [fromIntegral (familyNumber (family a)), 0]
    be16 :: Word16 -> [Word8]
    be16 w = [fromIntegral (w `shiftR` 8), fromIntegral w]
    be32 :: Word32 -> [Word8]
    be32 w = [fromIntegral (w `shiftR` s) | s <- [24, 16, 8, 0]]
