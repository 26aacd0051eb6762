-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Hosts, and what a socket that is bound to an address answers for.
module HaLVM.NetworkStack.Memory.Host
  ( Host (..)
  , hostOf
  , presented
  , reachable
  , loopback
  , Bound (..)
  , covers
  , overlap
  , boundAddress
  ) where

import Data.Word
import HaLVM.Provider.Socket

-- | One host. IPv4's are the same in IPv6's clothes (@::ffff:1.2.3.4@).
data Host = Host4 !Word32 | Host6 !IPv6
  deriving (Eq, Ord)

-- | An address's, 'Nothing' if it is of none in particular.
hostOf :: SocketAddress -> Maybe Host
hostOf a | isAny a = Nothing
hostOf (InetAddress h _) = Just (Host4 h)
hostOf (Inet6Address (0, 0, 0xffff, h) _ _ _)
  | h == 0 = Nothing
  | otherwise = Just (Host4 h)
hostOf (Inet6Address h _ _ _) = Just (Host6 h)

-- | The address that a socket of this family knows a host's port by.
presented :: Family -> Host -> Word16 -> SocketAddress
presented Inet (Host4 h) p = InetAddress h p
presented Inet6 (Host4 h) p = Inet6Address (0, 0, 0xffff, h) p 0 0
presented Inet6 (Host6 h) p = Inet6Address h p 0 0
presented Inet (Host6 _) p = InetAddress 0 p -- no such socket meets it

-- | May a socket of this family, for IPv6 only or not, talk to the host?
reachable :: Family -> Bool -> Host -> Bool
reachable Inet _ (Host4 _) = True
reachable Inet _ (Host6 _) = False
reachable Inet6 only (Host4 _) = not only
reachable Inet6 _ (Host6 _) = True

-- | This host.
loopback :: Family -> Host
loopback Inet = Host4 0x7f000001
loopback Inet6 = Host6 (0, 0, 0, 1)

-- | What a socket is bound to.
data Bound
  = Any4
  | Any6 !Bool -- ^ IPv6 only?
  | Only !Host
  deriving (Eq)

-- | Does it answer for the host?
covers :: Bound -> Host -> Bool
covers Any4 h = reachable Inet False h
covers (Any6 only) h = reachable Inet6 only h
covers (Only x) h = x == h

-- | Is there a host that both answer for?
overlap :: Bound -> Bound -> Bool
overlap (Only h) b = covers b h
overlap b (Only h) = covers b h
overlap Any4 (Any6 only) = not only
overlap (Any6 only) Any4 = not only
overlap _ _ = True

-- | As a socket of the family has it.
boundAddress :: Family -> Bound -> Word16 -> SocketAddress
boundAddress f (Only h) p = presented f h p
boundAddress f _ p = anyAddress f p
