-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- An implementation of "HaLVM.NetworkStack" that connects the threads of one
-- program. Every address is local: @10.0.0.1@ and @10.0.0.2@ are two hosts if
-- somebody binds to them. A socket bound to no host in particular answers for
-- all, one of IPv6 also for those of IPv4 if not 'IPv6Only'.
--
-- Streams lose nothing and hold back who writes faster than the other reads,
-- by the reader's 'ReceiveBuffer'; datagrams get lost if that is full.
module HaLVM.NetworkStack.Memory
  ( NetworkStack, Socket
  , start, newSocket, bind, connect, listen, accept, send, receive
  , localAddress, peerAddress, shutdown, close
  , takeError, setOption, getOption, ready
  ) where

import Control.Concurrent.STM
import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import Data.Int
import qualified Data.Map.Strict as M
import Data.Maybe (isJust)

import HaLVM.NetworkStack.Memory.Datagram
import HaLVM.NetworkStack.Memory.Host
import HaLVM.NetworkStack.Memory.Ports
import HaLVM.NetworkStack.Memory.Stream
import HaLVM.NetworkStack.Memory.Types
import HaLVM.Provider.Error
import HaLVM.Provider.Events
import HaLVM.Provider.Socket

-- | Nobody is there.
start :: IO NetworkStack
start = newStack

-- | TCP's and UDP's numbers are taken for what is like these.
newSocket :: NetworkStack -> Family -> SocketType -> Int32 -> IO Socket
newSocket n f t p = do
  when (p /= 0 && p /= (if t == Stream then 6 else 17)) $
    failWith ePROTONOSUPPORT "socket"
  atomically (makeSocket n f t (defaults t) defaultBuffer)

defaultBuffer :: Int
defaultBuffer = 131072

-- What can be asked for. That these have an effect is said where they are
-- used; the others are just kept.
defaults :: SocketType -> Options
defaults t = M.fromList $
  [ (o, IntValue 0)
  | o <- [ReuseAddress, ReusePort, KeepAlive, Broadcast, DontRoute, IPv6Only
         , TypeOfService] ]
  ++ [ (TimeToLive, IntValue 64), (HopLimit, IntValue 64)
     , (ReceiveLowWater, IntValue 1), (SendLowWater, IntValue 1)
     , (SendBuffer, IntValue (fromIntegral defaultBuffer))
     , (ReceiveBuffer, IntValue (fromIntegral defaultBuffer))
     , (Linger, OtherValue (B.replicate 8 0)) ]
  ++ (if t == Datagram then [] else
     [ (NoDelay, IntValue 0), (Cork, IntValue 0), (MaxSegment, IntValue 65483)
     , (KeepIdle, IntValue 7200), (KeepInterval, IntValue 75)
     , (KeepCount, IntValue 9), (UserTimeout, IntValue 0) ])

-- An error that was waiting is thrown here, as the transaction has taken it.
orThrow :: String -> STM (Either Errno a) -> IO a
orThrow place act = atomically act >>= either (`failWith` place) return

checkFamily :: Socket -> SocketAddress -> STM ()
checkFamily s a = when (family a /= familyIs s) (refuse eAFNOSUPPORT)

-- The host that an address means to this socket; none in particular is this
-- one.
destination :: Socket -> SocketAddress -> STM Host
destination s a = do
  checkFamily s a
  only <- onlyIPv6 s
  let h = maybe (loopback (familyIs s)) id (hostOf a)
  unless (reachable (familyIs s) only h) (refuse eNETUNREACH)
  return h

-- | Any address will do.
bind :: Socket -> SocketAddress -> IO ()
bind s a = atomically $ do
  checkFamily s a
  l <- readTVar (local s)
  when (isJust l) (refuse eINVAL)
  only <- onlyIPv6 s
  b <- case hostOf a of
    Nothing -> return (if familyIs s == Inet then Any4 else Any6 only)
    Just h | reachable (familyIs s) only h -> return (Only h)
           | otherwise -> refuse eADDRNOTAVAIL
  if port a == 0 then bindFree s b else bindTo s b (port a)

-- | Streams are there at once if the listener's queue has room.
connect :: Socket -> SocketAddress -> IO Bool
connect s a = orThrow "connect" $ do
  h <- destination s a
  case typeIs s of
    Stream -> connectStream s h (port a)
    Datagram -> Right <$> connectDatagram s h (port a)

-- | At least one may wait.
listen :: Socket -> Int -> IO ()
listen s n = atomically (listenStream s n)

-- | In the order in which they came.
accept :: Socket -> IO (Maybe (Socket, SocketAddress))
accept = atomically . acceptStream

-- | At once.
send :: Socket -> ByteString -> Maybe SocketAddress -> IO (Maybe Int)
send s b to = orThrow "send" $ case typeIs s of
  Stream -> sendStream s b
  Datagram -> do
    x <- forM to $ \a -> flip (,) (port a) <$> destination s a
    sendDatagram s b x

-- | At once.
receive :: Socket -> Taking -> Int -> IO (Maybe Received)
receive s t n = orThrow "receive" $ case typeIs s of
  Stream -> do
    r <- receiveStream s (t == Take) n
    return (fmap (fmap (\b -> Received b (B.length b) Nothing)) r)
  Datagram -> receiveDatagram s (t == Take) n

-- | What it is bound to.
localAddress :: Socket -> IO SocketAddress
localAddress s = do
  l <- readTVarIO (local s)
  return (maybe (anyAddress (familyIs s) 0)
    (uncurry (boundAddress (familyIs s))) l)

-- | Of who is connected.
peerAddress :: Socket -> IO SocketAddress
peerAddress s = do
  st <- readTVarIO (state s)
  case st of
    Connected l -> return (presented (familyIs s) (peerHost l) (peerPort l))
    Talking h p -> return (presented (familyIs s) h p)
    _ -> failWith eNOTCONN "peerAddress"

-- | Of a datagram socket it has no effect.
shutdown :: Socket -> Way -> IO ()
shutdown s w = case typeIs s of
  Stream -> atomically (shutdownStream s w)
  Datagram -> void (peerAddress s)

-- | Gives its address back.
close :: Socket -> IO ()
close s = atomically $ case typeIs s of
  Stream -> closeStream s
  Datagram -> closeDatagram s

-- | Once.
takeError :: Socket -> IO Int32
takeError s = atomically (swapTVar (trouble s) 0)

-- | Those that it knows are kept.
setOption :: Socket -> SocketOption -> OptionValue -> IO ()
setOption s o v = atomically $ do
  old <- M.lookup o <$> readTVar (options s)
  new <- case (old, v) of
    (Nothing, _) -> refuse eNOPROTOOPT
    (Just (IntValue _), IntValue n) -> return (IntValue (least n))
    (Just (OtherValue x), OtherValue y) | B.length x == B.length y -> return v
    _ -> refuse eINVAL
  bound <- isJust <$> readTVar (local s)
  when (o == IPv6Only && bound) (refuse eINVAL)
  modifyTVar' (options s) (M.insert o new)
  case new of
    IntValue n | o == ReceiveBuffer -> writeTVar (buffer s) (fromIntegral n)
    _ -> return ()
  where
    least n | o == ReceiveBuffer || o == SendBuffer = max 256 n
            | otherwise = n

-- | As it was set, or as it is at the beginning.
getOption :: Socket -> SocketOption -> IO OptionValue
getOption s o = do
  m <- readTVarIO (options s)
  maybe (failWith eNOPROTOOPT "getOption") return (M.lookup o m)

-- | As on Linux.
ready :: Socket -> STM Events
ready s = case typeIs s of
  Stream -> readyStream s
  Datagram -> readyDatagram s
