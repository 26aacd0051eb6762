-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Datagrams. As on a real network they get lost: if nobody is there, or has
-- room for them.
module HaLVM.NetworkStack.Memory.Datagram
  ( connectDatagram
  , sendDatagram
  , receiveDatagram
  , closeDatagram
  , readyDatagram
  ) where

import Control.Concurrent.STM
import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.Map.Strict as M
import qualified Data.Sequence as Q
import Data.Sequence (ViewL (..), viewl, (|>))
import Data.Word

import HaLVM.NetworkStack.Memory.Host
import HaLVM.NetworkStack.Memory.Ports
import HaLVM.NetworkStack.Memory.Types
import HaLVM.Provider.Error
import HaLVM.Provider.Events
import HaLVM.Provider.Socket

-- | Whom it sends to, and alone receives from.
connectDatagram :: Socket -> Host -> Word16 -> STM Bool
connectDatagram s h p = do
  bindSomehow s (Only h)
  writeTVar (state s) (Talking h p)
  return True

-- | To the peer, or to whom is given.
sendDatagram :: Socket -> ByteString -> Maybe (Host, Word16)
             -> STM (Either Errno (Maybe Int))
sendDatagram s b to = pending s $ do
  when (B.length b > 65507) (refuse eMSGSIZE)
  st <- readTVar (state s)
  (h, p) <- case (to, st) of
    (Just x, _) -> return x
    (_, Talking h p) -> return (h, p)
    _ -> refuse eDESTADDRREQ
  only <- onlyIPv6 s
  bindSomehow s (if familyIs s == Inet then Any4 else Any6 only)
  l <- readTVar (local s)
  let from = case l of
        Just (Only x, _) -> x
        _ | h == everybody -> loopback Inet
          | otherwise -> h
      letter = Letter from (maybe 0 snd l) b
  if h == everybody
    then do
      may <- optionIs Broadcast s
      unless may (refuse eACCES)
      all' <- M.findWithDefault [] (Datagram, p) <$> readTVar (ports (stack s))
      forM_ [o | o <- all', familyIs o == Inet] (deliver letter)
    else do
      there <- answering (stack s) Datagram h p >>= filterM (wants letter)
      talking <- filterM isTalking there
      case talking ++ there of
        o : _ -> deliver letter o
        [] -> case (to, st) of
          -- Told at the next call, as ICMP would.
          (Nothing, Talking _ _) -> writeTVar (trouble s)
            (let Errno e = eCONNREFUSED in fromIntegral e)
          _ -> return ()
  return (Just (B.length b))
  where
    everybody = Host4 0xffffffff
    isTalking o = do
      st <- readTVar (state o)
      return $ case st of
        Talking _ _ -> True
        _ -> False

-- Who has a peer hears only that.
wants :: Letter -> Socket -> STM Bool
wants (Letter h p _) o = do
  st <- readTVar (state o)
  return $ case st of
    Talking h' p' -> h == h' && p == p'
    Closed -> False
    _ -> True

-- An empty one takes room, too.
weight :: ByteString -> Int
weight b = B.length b + 64

deliver :: Letter -> Socket -> STM ()
deliver letter@(Letter _ _ b) o = do
  n <- readTVar (lettersSize o)
  m <- readTVar (buffer o)
  when (n == 0 || n + weight b <= m) $ do
    modifyTVar' (letters o) (|> letter)
    writeTVar (lettersSize o) $! n + weight b

-- | The first one.
receiveDatagram :: Socket -> Bool -> Int -> STM (Either Errno (Maybe Received))
receiveDatagram s out n = pending s $ do
  q <- readTVar (letters s)
  case viewl q of
    EmptyL -> return Nothing
    Letter h p b :< rest -> do
      when out $ do
        writeTVar (letters s) rest
        modifyTVar' (lettersSize s) (subtract (weight b))
      return (Just (Received (B.take n b) (B.length b)
        (Just (presented (familyIs s) h p))))

-- | What has come is lost.
closeDatagram :: Socket -> STM ()
closeDatagram s = do
  writeTVar (state s) Closed
  writeTVar (letters s) Q.empty
  release s

-- | There is always room to send.
readyDatagram :: Socket -> STM Events
readyDatagram s = do
  q <- readTVar (letters s)
  e <- readTVar (trouble s)
  return (writable <> when' (not (Q.null q) || e /= 0) readable
    <> when' (e /= 0) failed)
