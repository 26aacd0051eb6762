-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- The network and its sockets.
module HaLVM.NetworkStack.Memory.Types
  ( NetworkStack (..)
  , Socket (..)
  , State (..)
  , Listener (..)
  , Link (..)
  , Letter (..)
  , Options
  , newStack
  , makeSocket
  , optionIs
  , onlyIPv6
  , refuse
  , pending
  ) where

import Control.Concurrent.STM
import Data.ByteString (ByteString)
import Data.Int
import qualified Data.Map.Strict as M
import Data.Sequence (Seq)
import qualified Data.Sequence as Q
import Data.Word

import HaLVM.NetworkStack.Memory.Host
import HaLVM.NetworkStack.Memory.Pipe
import HaLVM.Provider.Error
import HaLVM.Provider.Socket

-- | The network.
data NetworkStack = NetworkStack
  { ports :: !(TVar (M.Map (SocketType, Word16) [Socket]))
    -- ^ All sockets that have an address.
  , lastNumber :: !(TVar Word64)
  , nextPort :: !(TVar Word16) -- ^ Where the search for a free one begins.
  }

-- | A socket.
data Socket = Socket
  { stack :: !NetworkStack
  , number :: !Word64 -- ^ No other one's.
  , familyIs :: !Family
  , typeIs :: !SocketType
  , local :: !(TVar (Maybe (Bound, Word16)))
  , state :: !(TVar State)
  , trouble :: !(TVar Int32) -- ^ SO_ERROR
  , options :: !(TVar Options)
  , buffer :: !(TVar Int) -- ^ SO_RCVBUF, in bytes
  , letters :: !(TVar (Seq Letter)) -- ^ Datagrams that have come,
  , lettersSize :: !(TVar Int) -- ^ and their bytes.
  }

instance Eq Socket where
  a == b = number a == number b

type Options = M.Map SocketOption OptionValue

data State
  = Idle
  | Listening !Listener
  | Connecting !Listener
  | Connected !Link
  | Talking !Host !Word16 -- ^ A datagram socket's peer.
  | Closed

data Listener = Listener
  { arrived :: !(TVar (Seq (Socket, SocketAddress)))
    -- ^ Connections that wait to be accepted, and where they are from.
  , most :: !(TVar Int) -- ^ of them
  , waiting :: !(TVar (Seq (Socket, Host, Word16)))
    -- ^ Who wants to connect, to which host and port, while that's full.
  }

data Link = Link
  { incoming, outgoing :: !Pipe
  , peerHost :: !Host
  , peerPort :: !Word16
  , peerTrouble :: !(TVar Int32)
  }

data Letter = Letter !Host !Word16 !ByteString

-- | Nobody is there.
newStack :: IO NetworkStack
newStack = NetworkStack <$> newTVarIO M.empty <*> newTVarIO 0
  <*> newTVarIO 32768

-- | With these options and this receive buffer.
makeSocket :: NetworkStack -> Family -> SocketType -> Options -> Int
           -> STM Socket
makeSocket s f t o size = do
  n <- (+ 1) <$> readTVar (lastNumber s)
  writeTVar (lastNumber s) $! n
  Socket s n f t <$> newTVar Nothing <*> newTVar Idle <*> newTVar 0
    <*> newTVar o <*> newTVar size <*> newTVar Q.empty <*> newTVar 0

-- | Is it set?
optionIs :: SocketOption -> Socket -> STM Bool
optionIs o s = do
  m <- readTVar (options s)
  return $ case M.lookup o m of
    Just (IntValue v) -> v /= 0
    _ -> False

-- | Does it talk IPv6 only?
onlyIPv6 :: Socket -> STM Bool
onlyIPv6 = optionIs IPv6Only

-- | Ends the transaction with an error.
refuse :: Errno -> STM a
refuse e = throwSTM (errnoToIOError "network" e Nothing Nothing)

-- | Ends a call with the error that waits, if there is one. It waits no more:
-- so the call's transaction gives it instead of throwing it.
pending :: Socket -> STM a -> STM (Either Errno a)
pending s act = do
  e <- readTVar (trouble s)
  if e == 0 then Right <$> act else do
    writeTVar (trouble s) 0
    return (Left (Errno (fromIntegral e)))
