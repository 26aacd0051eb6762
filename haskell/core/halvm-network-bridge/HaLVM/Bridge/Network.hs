-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- The module that fills @HaLVM.NetworkStack@ answers for the program's
-- sockets.
module HaLVM.Bridge.Network () where

import Control.Exception (evaluate, finally)
import Control.Monad
import Data.Bits
import Data.Int
import Data.IORef
import Data.Word
import Foreign.C.Types
import Foreign.Marshal.Alloc (alloca)
import Foreign.Ptr
import Foreign.Storable
import System.IO.Unsafe (unsafePerformIO)

import HaLVM.Bridge.Address
import HaLVM.Bridge.Call
import HaLVM.Bridge.Handles
import HaLVM.Bridge.Watch
import HaLVM.NetworkStack
import HaLVM.Provider.Error
import HaLVM.Provider.Socket

network :: NetworkStack
network = unsafePerformIO start
{-# NOINLINE network #-}

-- It starts here, not where a transaction comes upon it.
served :: String -> Call -> IO Int64 -> IO ()
served what c act = answer what c (evaluate network >> act)

served_ :: String -> Call -> IO () -> IO ()
served_ what c act = served what c (0 <$ act)

-- | What a handle stands for.
data Opened = Opened
  { socketOf :: !Socket
  , familyIs :: !Family
  , typeIs :: !SocketType
  , protocolIs :: !Int32
  , listens :: !(IORef Bool)
  , watched :: !(IORef (Maybe Watched))
    -- ^ It has a watcher as soon as it has a handle.
  }

handles :: Handles Opened
handles = unsafePerformIO newHandles
{-# NOINLINE handles #-}

entered :: Socket -> Family -> SocketType -> Int32 -> IO Handle
entered s f t p = do
  l <- newIORef False
  w <- newIORef Nothing
  h <- enter handles (const (Opened s f t p l w))
  watch Network h (ready s) >>= writeIORef w . Just
  return h

telling :: Opened -> IO ()
telling o = readIORef (watched o) >>= mapM_ tell

-- Does something with a socket and tells what it is ready for then, whether it
-- went well or not.
with :: Handle -> (Opened -> IO a) -> IO a
with h act = do
  o <- find handles h
  act o `finally` telling o

foreign export ccall halvm_bridge_network_socket
  :: Call -> Int32 -> Int32 -> Int32 -> Ptr Handle -> IO ()

halvm_bridge_network_socket
  :: Call -> Int32 -> Int32 -> Int32 -> Ptr Handle -> IO ()
halvm_bridge_network_socket c family' type' protocol made =
  served_ "HaLVM.NetworkStack.newSocket" c $ do
    f <- maybe (failWith eAFNOSUPPORT "socket") return (familyOf family')
    t <- case type' of
      1 -> return Stream
      2 -> return Datagram
      _ -> failWith (Errno 94) "socket" -- ESOCKTNOSUPPORT
    s <- newSocket network f t protocol
    let usual = if t == Stream then 6 else 17
    h <- entered s f t (if protocol == 0 then usual else protocol)
    poke made h

foreign export ccall halvm_bridge_network_close :: Call -> Handle -> IO ()

halvm_bridge_network_close :: Call -> Handle -> IO ()
halvm_bridge_network_close c h = served_ "HaLVM.NetworkStack.close" c $ do
  o <- remove handles h
  readIORef (watched o) >>= mapM_ unwatch
  close (socketOf o)

foreign export ccall halvm_bridge_network_bind
  :: Call -> Handle -> Ptr Word8 -> Word32 -> IO ()

halvm_bridge_network_bind :: Call -> Handle -> Ptr Word8 -> Word32 -> IO ()
halvm_bridge_network_bind c h p size =
  served_ "HaLVM.NetworkStack.bind" c $ with h $ \o ->
    peekAddress p size >>= bind (socketOf o)

foreign export ccall halvm_bridge_network_connect
  :: Call -> Handle -> Ptr Word8 -> Word32 -> IO ()

halvm_bridge_network_connect :: Call -> Handle -> Ptr Word8 -> Word32 -> IO ()
halvm_bridge_network_connect c h p size =
  served "HaLVM.NetworkStack.connect" c $ with h $ \o -> do
    there <- peekAddress p size >>= connect (socketOf o)
    return (if there then 0 else failing eINPROGRESS)

foreign export ccall halvm_bridge_network_listen
  :: Call -> Handle -> Int32 -> IO ()

halvm_bridge_network_listen :: Call -> Handle -> Int32 -> IO ()
halvm_bridge_network_listen c h backlog =
  served_ "HaLVM.NetworkStack.listen" c $ with h $ \o -> do
    when (typeIs o /= Stream) (failWith eOPNOTSUPP "listen")
    listen (socketOf o) (fromIntegral backlog)
    writeIORef (listens o) True

foreign export ccall halvm_bridge_network_accept
  :: Call -> Handle -> Ptr Handle -> Ptr Word8 -> Ptr Word32 -> IO ()

halvm_bridge_network_accept
  :: Call -> Handle -> Ptr Handle -> Ptr Word8 -> Ptr Word32 -> IO ()
halvm_bridge_network_accept c h made p pSize =
  served "HaLVM.NetworkStack.accept" c $ with h $ \o -> do
    when (typeIs o /= Stream) (failWith eOPNOTSUPP "accept")
    r <- accept (socketOf o)
    case r of
      Nothing -> return (failing eAGAIN)
      Just (s, a) -> do
        entered s (familyIs o) Stream (protocolIs o) >>= poke made
        pokeAddress p pSize a
        return 0

foreign export ccall halvm_bridge_network_name
  :: Call -> Handle -> Int32 -> Ptr Word8 -> Ptr Word32 -> IO ()

halvm_bridge_network_name
  :: Call -> Handle -> Int32 -> Ptr Word8 -> Ptr Word32 -> IO ()
halvm_bridge_network_name c h ofPeer p pSize =
  served_ "HaLVM.NetworkStack.localAddress" c $ do
    o <- find handles h
    a <- (if ofPeer /= 0 then peerAddress else localAddress) (socketOf o)
    pokeAddress p pSize a

foreign export ccall halvm_bridge_network_send
  :: Call -> Handle -> Ptr Word8 -> Int -> Word32 -> Ptr Word8 -> Word32
  -> IO ()

halvm_bridge_network_send
  :: Call -> Handle -> Ptr Word8 -> Int -> Word32 -> Ptr Word8 -> Word32
  -> IO ()
halvm_bridge_network_send c h from n flags p size =
  served "HaLVM.NetworkStack.send" c $ with h $ \o -> do
    when (flags .&. outOfBand /= 0) (failWith eOPNOTSUPP "send")
    a <- if p == nullPtr || typeIs o == Stream then return Nothing
         else Just <$> peekAddress p size
    b <- copyIn from n
    if n == 0 && typeIs o == Stream then return 0 else do
      r <- send (socketOf o) b a
      return (maybe (failing eAGAIN) (fromIntegral . min n) r)

-- MSG_OOB, MSG_PEEK, MSG_TRUNC.
outOfBand, peek', truncated :: Word32
outOfBand = 1
peek' = 2
truncated = 0x20

foreign export ccall halvm_bridge_network_receive
  :: Call -> Handle -> Ptr Word8 -> Int -> Ptr Word32 -> Ptr Word8
  -> Ptr Word32 -> IO ()

halvm_bridge_network_receive
  :: Call -> Handle -> Ptr Word8 -> Int -> Ptr Word32 -> Ptr Word8
  -> Ptr Word32 -> IO ()
halvm_bridge_network_receive c h to n pFlags p pSize =
  served "HaLVM.NetworkStack.receive" c $ with h $ \o -> do
    flags <- if pFlags == nullPtr then return 0 else peek pFlags
    when (flags .&. outOfBand /= 0) (failWith eINVAL "receive")
    if n == 0 && typeIs o == Stream then return 0 else do
      r <- receive (socketOf o) (if flags .&. peek' /= 0 then Peek else Take) n
      case r of
        Nothing -> return (failing eAGAIN)
        Just (Received b size from) -> do
          m <- copyOut to n b
          let cut = typeIs o == Datagram && size > n
          unless (pFlags == nullPtr) $
            poke pFlags (if cut then truncated else 0)
          case from of
            Just a -> pokeAddress p pSize a
            Nothing -> unless (pSize == nullPtr) (poke pSize 0)
          return (if cut then fromIntegral size else m)

foreign export ccall halvm_bridge_network_shutdown
  :: Call -> Handle -> Int32 -> IO ()

halvm_bridge_network_shutdown :: Call -> Handle -> Int32 -> IO ()
halvm_bridge_network_shutdown c h how =
  served_ "HaLVM.NetworkStack.shutdown" c $ with h $ \o -> do
    way <- case how of
      0 -> return Receiving
      1 -> return Sending
      2 -> return BothWays
      _ -> failWith eINVAL "shutdown"
    shutdown (socketOf o) way

foreign export ccall halvm_bridge_network_set_option
  :: Call -> Handle -> Int32 -> Int32 -> Ptr Word8 -> Word32 -> IO ()

halvm_bridge_network_set_option
  :: Call -> Handle -> Int32 -> Int32 -> Ptr Word8 -> Word32 -> IO ()
halvm_bridge_network_set_option c h level name p size =
  served_ "HaLVM.NetworkStack.setOption" c $ with h $ \o -> do
    v <- if size == 4
      then IntValue <$> alloca (\q -> do
        _ <- copyIn p 4 >>= copyOut (castPtr q) 4
        peek q)
      else OtherValue <$> copyIn p (fromIntegral size)
    setOption (socketOf o) (SocketOption level name) v

foreign export ccall halvm_bridge_network_get_option
  :: Call -> Handle -> Int32 -> Int32 -> Ptr Word8 -> Ptr Word32 -> IO ()

halvm_bridge_network_get_option
  :: Call -> Handle -> Int32 -> Int32 -> Ptr Word8 -> Ptr Word32 -> IO ()
halvm_bridge_network_get_option c h level name p pSize =
  served_ "HaLVM.NetworkStack.getOption" c $ with h $ \o -> do
    v <- case (level, name) of
      (1, 3) -> return (IntValue (if typeIs o == Stream then 1 else 2))
      (1, 4) -> IntValue <$> takeError (socketOf o)
      (1, 30) -> IntValue . fromIntegral . fromEnum <$> readIORef (listens o)
      (1, 38) -> return (IntValue (protocolIs o))
      (1, 39) -> return (IntValue (familyNumber (familyIs o)))
      _ -> getOption (socketOf o) (SocketOption level name)
    room <- fromIntegral <$> peek pSize
    m <- case v of
      IntValue i -> alloca $ \q -> do
        poke q i
        b <- copyIn (castPtr q) 4
        copyOut p room b
      OtherValue b -> copyOut p room b
    poke pSize (fromIntegral m)

foreign export ccall halvm_bridge_network_wait
  :: Call -> Handle -> CUInt -> Int64 -> IO ()

halvm_bridge_network_wait :: Call -> Handle -> CUInt -> Int64 -> IO ()
halvm_bridge_network_wait c h events timeout =
  served "HaLVM.NetworkStack.ready" c $ do
    o <- find handles h
    w <- readIORef (watched o)
    maybe (failWith eBADF "wait") (\x -> waitFor x events timeout) w
