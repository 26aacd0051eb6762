-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- One way of a stream: a queue of bytes with an end.
module HaLVM.NetworkStack.Memory.Pipe
  ( Pipe (..)
  , newPipe
  , put
  , get
  , isEmpty
  , free
  , spacious
  ) where

import Control.Concurrent.STM
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import Data.Sequence (Seq, ViewL (..), viewl, (<|), (|>))
import qualified Data.Sequence as Q

-- | One way of a stream.
data Pipe = Pipe
  { chunks :: !(TVar (Seq ByteString)) -- ^ None is empty.
  , filled :: !(TVar Int)  -- ^ Bytes in them.
  , room :: !(TVar Int)    -- ^ The most; the reader's receive buffer.
  , ended :: !(TVar Bool)  -- ^ The writer writes no more.
  , deaf :: !(TVar Bool)   -- ^ The reader reads no more: what comes is dropped.
  , gone :: !(TVar Bool)   -- ^ The reader has closed.
  }

-- | With room for as many bytes as the variable says.
newPipe :: TVar Int -> STM Pipe
newPipe r = Pipe <$> newTVar Q.empty <*> newTVar 0 <*> pure r
  <*> newTVar False <*> newTVar False <*> newTVar False

-- | A first part of the bytes, and how many they are.
put :: Pipe -> ByteString -> STM Int
put p b = do
  d <- readTVar (deaf p)
  n <- if d then return (B.length b) else min (B.length b) <$> free p
  if d || n == 0 then return n else do
    -- A copy, so as not to hold on to the rest.
    let x = if n == B.length b then b else B.copy (B.take n b)
    modifyTVar' (chunks p) (|> x)
    modifyTVar' (filled p) (+ n)
    return n

-- | At most so many bytes, which are taken out or not.
get :: Bool -> Pipe -> Int -> STM ByteString
get out p n = do
  q <- readTVar (chunks p)
  let (bs, rest) = go n q
      b = B.concat bs
  if not out then return b else do
    writeTVar (chunks p) $! rest
    modifyTVar' (filled p) (subtract (B.length b))
    return b
  where
    go k q | k <= 0 = ([], q)
           | otherwise = case viewl q of
      EmptyL -> ([], q)
      b :< r
        | B.length b <= k ->
            let (bs, rest) = go (k - B.length b) r in (b : bs, rest)
        | otherwise -> ([B.take k b], B.drop k b <| r)

-- | Has it no bytes?
isEmpty :: Pipe -> STM Bool
isEmpty p = (== 0) <$> readTVar (filled p)

-- | How many bytes more it takes.
free :: Pipe -> STM Int
free p = do
  f <- readTVar (filled p)
  r <- readTVar (room p)
  return (max 0 (r - f))

-- | Is it worth writing to? A third is to be free, so that writers don't write
-- byte by byte.
spacious :: Pipe -> STM Bool
spacious p = do
  n <- free p
  r <- readTVar (room p)
  return (n * 3 >= r)
