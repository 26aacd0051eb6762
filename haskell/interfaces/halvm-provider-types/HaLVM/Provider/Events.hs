-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What a stream or socket is ready for: poll's events.
module HaLVM.Provider.Events
  ( Events (..)
  , readable, writable, failed, hungUp, peerClosed
  , has, when', none
  ) where

import Data.Bits
import Data.Word

-- | A set of events; '<>' is their union.
newtype Events = Events Word32
  deriving (Eq, Ord, Show)

instance Semigroup Events where
  Events a <> Events b = Events (a .|. b)

instance Monoid Events where
  mempty = none

-- | Nothing.
none :: Events
none = Events 0

-- | There is something to read or to accept, or reading would find the end or
-- an error (POLLIN).
readable :: Events
readable = Events 0x1

-- | There is room to write, or writing would fail (POLLOUT).
writable :: Events
writable = Events 0x4

-- | An error waits for 'HaLVM.NetworkStack.takeError' (POLLERR).
failed :: Events
failed = Events 0x8

-- | Nothing goes in either direction any more (POLLHUP).
hungUp :: Events
hungUp = Events 0x10

-- | The peer sends no more (POLLRDHUP). 'readable' holds, too.
peerClosed :: Events
peerClosed = Events 0x2000

-- | Do the sets have an event in common?
has :: Events -> Events -> Bool
has (Events a) (Events b) = a .&. b /= 0

-- | The events if the condition holds, else 'none'.
when' :: Bool -> Events -> Events
when' c e = if c then e else none
