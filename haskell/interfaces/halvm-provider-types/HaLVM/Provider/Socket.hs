{-# LANGUAGE PatternSynonyms #-}
-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What "HaLVM.NetworkStack" talks about.
module HaLVM.Provider.Socket
  ( Family (..)
  , SocketType (..)
  , SocketAddress (..), family, anyAddress, isAny
  , IPv6
  , Received (..)
  , Taking (..)
  , Way (..), sends, receives
    -- * Options
  , SocketOption (..)
  , OptionValue (..)
  , pattern ReuseAddress, pattern ReusePort, pattern KeepAlive
  , pattern Broadcast, pattern DontRoute, pattern Linger
  , pattern SendBuffer, pattern ReceiveBuffer
  , pattern ReceiveLowWater, pattern SendLowWater
  , pattern NoDelay, pattern Cork, pattern MaxSegment
  , pattern KeepIdle, pattern KeepInterval, pattern KeepCount
  , pattern UserTimeout
  , pattern TypeOfService, pattern TimeToLive
  , pattern IPv6Only, pattern HopLimit
  ) where

import Data.ByteString (ByteString)
import Data.Int
import Data.Word

-- | A family of addresses.
data Family = Inet | Inet6
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | What a socket carries: a stream of bytes or datagrams.
data SocketType = Stream | Datagram
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | The 128 bits of an address, the first ones first.
type IPv6 = (Word32, Word32, Word32, Word32)

-- | Where a socket is. Numbers are numbers, whatever order their bytes have on
-- the wire: 127.0.0.1 is @0x7f000001@.
data SocketAddress
  = InetAddress { inetHost :: !Word32, port :: !Word16 }
  | Inet6Address
    { inet6Host :: !IPv6, port :: !Word16, flow :: !Word32, scope :: !Word32 }
  deriving (Eq, Ord, Show)

-- | Which family has it?
family :: SocketAddress -> Family
family InetAddress {} = Inet
family Inet6Address {} = Inet6

-- | No host in particular, at a port.
anyAddress :: Family -> Word16 -> SocketAddress
anyAddress Inet p = InetAddress 0 p
anyAddress Inet6 p = Inet6Address (0, 0, 0, 0) p 0 0

-- | Is it of no host in particular?
isAny :: SocketAddress -> Bool
isAny (InetAddress h _) = h == 0
isAny (Inet6Address h _ _ _) = h == (0, 0, 0, 0)

-- | What came.
data Received = Received
  { receivedBytes :: !ByteString
    -- ^ At most as many as were asked for.
  , receivedSize :: !Int
    -- ^ Of a datagram its whole size, of a stream just that of the bytes.
  , receivedFrom :: !(Maybe SocketAddress)
    -- ^ For datagrams.
  } deriving (Eq, Show)

-- | Does what is received go, or stay for the next time (MSG_PEEK)?
data Taking = Take | Peek
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | What @shutdown@ ends.
data Way = Receiving | Sending | BothWays
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | Is sending ended?
sends :: Way -> Bool
sends = (/= Receiving)

-- | Is receiving ended?
receives :: Way -> Bool
receives = (/= Sending)

-- | An option of @setsockopt@: its level and its name, with Linux's numbers.
data SocketOption = SocketOption !Int32 !Int32
  deriving (Eq, Ord, Show)

-- | Values of four bytes are numbers, others are as they are in C.
data OptionValue = IntValue !Int32 | OtherValue !ByteString
  deriving (Eq, Ord, Show)

pattern ReuseAddress, ReusePort, KeepAlive, Broadcast, DontRoute, Linger,
  SendBuffer, ReceiveBuffer, ReceiveLowWater, SendLowWater, NoDelay, Cork,
  MaxSegment, KeepIdle, KeepInterval, KeepCount, UserTimeout, TypeOfService,
  TimeToLive, IPv6Only, HopLimit :: SocketOption
pattern ReuseAddress = SocketOption 1 2
pattern DontRoute = SocketOption 1 5
pattern Broadcast = SocketOption 1 6
pattern SendBuffer = SocketOption 1 7
pattern ReceiveBuffer = SocketOption 1 8
pattern KeepAlive = SocketOption 1 9
pattern Linger = SocketOption 1 13
pattern ReusePort = SocketOption 1 15
pattern ReceiveLowWater = SocketOption 1 18
pattern SendLowWater = SocketOption 1 19
pattern NoDelay = SocketOption 6 1
pattern MaxSegment = SocketOption 6 2
pattern Cork = SocketOption 6 3
pattern KeepIdle = SocketOption 6 4
pattern KeepInterval = SocketOption 6 5
pattern KeepCount = SocketOption 6 6
pattern UserTimeout = SocketOption 6 18
pattern TypeOfService = SocketOption 0 1
pattern TimeToLive = SocketOption 0 2
pattern IPv6Only = SocketOption 41 26
pattern HopLimit = SocketOption 41 16
