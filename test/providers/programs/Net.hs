-- SPDX-License-Identifier: BSD-3-Clause
-- Sockets as libraries make them for GHC: descriptors that don't block, and the
-- runtime system's threadWaitRead and threadWaitWrite.
module Net
  ( Socket (..), Address (..), Kind (..)
  , any4, local4, any6, local6, withPort, portOf
  , new, bind, listen, accept, acceptNow, connect, send, sendAll, recv, recvAll
  , sendTo, recvFrom, recvWith, shutdown, close, name, peer
  , setOption, getOption, blocking, tryErrno, Errno (..)
  , shutRead, shutWrite
  ) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString.Char8 as B
import qualified Data.ByteString.Internal as BI
import qualified Data.ByteString.Unsafe as BU
import Data.Word
import Foreign hiding (new, void)
import Foreign.C
import GHC.Conc (closeFdWith)
import GHC.IO.Exception (ioe_errno)
import System.Posix.Types (Fd (..))

newtype Socket = Socket CInt deriving (Eq, Show)

-- A family, a port, and what comes after.
data Address = Address4 Word16 [Word8] | Address6 Word16 [Word8]
  deriving (Eq, Show)

data Kind = TCP | UDP

any4, local4, any6, local6 :: Address
any4 = Address4 0 [0, 0, 0, 0]
local4 = Address4 0 [127, 0, 0, 1]
any6 = Address6 0 (replicate 16 0)
local6 = Address6 0 (replicate 15 0 ++ [1])

withPort :: Address -> Word16 -> Address
withPort (Address4 _ h) p = Address4 p h
withPort (Address6 _ h) p = Address6 p h

portOf :: Address -> Word16
portOf (Address4 p _) = p
portOf (Address6 p _) = p

foreign import ccall safe "socket" c_socket :: CInt -> CInt -> CInt -> IO CInt
foreign import ccall safe "bind" c_bind
  :: CInt -> Ptr Word8 -> Word32 -> IO CInt
foreign import ccall safe "listen" c_listen :: CInt -> CInt -> IO CInt
foreign import ccall safe "accept4" c_accept
  :: CInt -> Ptr Word8 -> Ptr Word32 -> CInt -> IO CInt
foreign import ccall safe "connect" c_connect
  :: CInt -> Ptr Word8 -> Word32 -> IO CInt
foreign import ccall safe "sendto" c_sendto
  :: CInt -> Ptr CChar -> CSize -> CInt -> Ptr Word8 -> Word32 -> IO CSsize
foreign import ccall safe "recvfrom" c_recvfrom
  :: CInt -> Ptr Word8 -> CSize -> CInt -> Ptr Word8 -> Ptr Word32 -> IO CSsize
foreign import ccall safe "shutdown" c_shutdown :: CInt -> CInt -> IO CInt
foreign import ccall safe "close" c_close :: CInt -> IO CInt
foreign import ccall safe "getsockname" c_name
  :: CInt -> Ptr Word8 -> Ptr Word32 -> IO CInt
foreign import ccall safe "getpeername" c_peer
  :: CInt -> Ptr Word8 -> Ptr Word32 -> IO CInt
foreign import ccall safe "setsockopt" c_set
  :: CInt -> CInt -> CInt -> Ptr CInt -> Word32 -> IO CInt
foreign import ccall safe "getsockopt" c_get
  :: CInt -> CInt -> CInt -> Ptr CInt -> Ptr Word32 -> IO CInt
foreign import ccall safe "fcntl" c_fcntl :: CInt -> CInt -> CInt -> IO CInt

type CSsize = Int64

encode :: Address -> [Word8]
encode (Address4 p h) = [2, 0] ++ be p ++ h ++ replicate 8 0
encode (Address6 p h) = [10, 0] ++ be p ++ replicate 4 0 ++ h ++ replicate 4 0

be :: Word16 -> [Word8]
be p = [fromIntegral (p `shiftR` 8), fromIntegral p]

decode :: [Word8] -> Address
decode (2 : _ : a : b : rest) = Address4 (port a b) (take 4 rest)
decode (10 : _ : a : b : rest) = Address6 (port a b) (take 16 (drop 4 rest))
decode bs = error ("address " ++ show bs)

port :: Word8 -> Word8 -> Word16
port a b = fromIntegral a * 256 + fromIntegral b

withAddress :: Address -> (Ptr Word8 -> Word32 -> IO a) -> IO a
withAddress a act = withArrayLen (encode a) $ \n p -> act p (fromIntegral n)

fromC :: (Ptr Word8 -> Ptr Word32 -> IO a) -> IO (a, Address)
fromC act = allocaBytes 28 $ \p -> with 28 $ \n -> do
  r <- act p n
  m <- peek n
  bytes <- peekArray (fromIntegral m) p
  return (r, if m == 0 then any4 else decode bytes)

-- As long as it would wait, waits for that.
retry :: (Eq n, Num n) => String -> IO () -> IO n -> IO n
retry what wait' act = do
  r <- act
  if r /= -1 then return r else do
    e <- getErrno
    if e == eAGAIN then wait' >> retry what wait' act
      else if e == eINTR then retry what wait' act else throwErrno what

waitRead, waitWrite :: Socket -> IO ()
waitRead (Socket s) = threadWaitRead (Fd s)
waitWrite (Socket s) = threadWaitWrite (Fd s)

new :: Address -> Kind -> IO Socket
new a k = Socket <$> throwErrnoIfMinus1 "socket" (c_socket family kind 0)
  where
    family = case a of
      Address4 _ _ -> 2
      Address6 _ _ -> 10
    kind = 0o4000 + case k of
      TCP -> 1
      UDP -> 2

bind :: Socket -> Address -> IO ()
bind (Socket s) a = withAddress a $ \p n ->
  throwErrnoIfMinus1_ "bind" (c_bind s p n)

listen :: Socket -> Int -> IO ()
listen (Socket s) n = throwErrnoIfMinus1_ "listen" (c_listen s (fromIntegral n))

accept :: Socket -> IO (Socket, Address)
accept l@(Socket s) = do
  (c, a) <- fromC $ \p n -> retry "accept" (waitRead l) (c_accept s p n 0o4000)
  return (Socket c, a)

acceptNow :: Socket -> IO (Socket, Address)
acceptNow (Socket s) = do
  (c, a) <- fromC $ \p n ->
    throwErrnoIfMinus1 "accept" (c_accept s p n 0o4000)
  return (Socket c, a)

connect :: Socket -> Address -> IO ()
connect x@(Socket s) a = withAddress a $ \p n -> do
  r <- c_connect s p n
  when (r == -1) $ do
    e <- getErrno
    if e /= eINPROGRESS then throwErrno "connect" else do
      waitWrite x
      code <- getOption x 1 4
      when (code /= 0) $ throwIO
        (errnoToIOError "connect" (Errno (fromIntegral code)) Nothing Nothing)

send :: Socket -> B.ByteString -> IO Int
send x@(Socket s) b = BU.unsafeUseAsCStringLen b $ \(p, n) ->
  fromIntegral <$> retry "send" (waitWrite x)
    (c_sendto s p (fromIntegral n) 0x4000 nullPtr 0)

sendAll :: Socket -> B.ByteString -> IO ()
sendAll s b = unless (B.null b) (send s b >>= \n -> sendAll s (B.drop n b))

recv :: Socket -> Int -> IO B.ByteString
recv = recvWith 0

recvWith :: CInt -> Socket -> Int -> IO B.ByteString
recvWith flags x@(Socket s) n = BI.createAndTrim n $ \p -> fromIntegral <$>
  retry "recv" (waitRead x)
    (c_recvfrom s p (fromIntegral n) flags nullPtr nullPtr)

-- Till the end.
recvAll :: Socket -> IO B.ByteString
recvAll s = B.concat <$> go
  where go = recv s 4096 >>= \b -> if B.null b then return [] else (b :) <$> go

sendTo :: Socket -> B.ByteString -> Address -> IO ()
sendTo x@(Socket s) b a = withAddress a $ \q m ->
  BU.unsafeUseAsCStringLen b $ \(p, n) -> void $
    retry "sendto" (waitWrite x) (c_sendto s p (fromIntegral n) 0 q m)

recvFrom :: Socket -> Int -> IO (B.ByteString, Address)
recvFrom x@(Socket s) n = do
  r <- newEmptyMVar
  b <- BI.createAndTrim n $ \p -> do
    (m, a) <- fromC $ \q k ->
      retry "recvfrom" (waitRead x) (c_recvfrom s p (fromIntegral n) 0 q k)
    putMVar r a
    return (fromIntegral m)
  (,) b <$> takeMVar r

shutRead, shutWrite :: CInt
shutRead = 0
shutWrite = 1

shutdown :: Socket -> CInt -> IO ()
shutdown (Socket s) how = throwErrnoIfMinus1_ "shutdown" (c_shutdown s how)

close :: Socket -> IO ()
close (Socket s) =
  closeFdWith (\(Fd f) -> throwErrnoIfMinus1_ "close" (c_close f)) (Fd s)

name, peer :: Socket -> IO Address
name (Socket s) = snd <$> fromC (\p n ->
  throwErrnoIfMinus1 "getsockname" (c_name s p n))
peer (Socket s) = snd <$> fromC (\p n ->
  throwErrnoIfMinus1 "getpeername" (c_peer s p n))

setOption :: Socket -> CInt -> CInt -> Int -> IO ()
setOption (Socket s) l o v = with (fromIntegral v) $ \p ->
  throwErrnoIfMinus1_ "setsockopt" (c_set s l o p 4)

getOption :: Socket -> CInt -> CInt -> IO Int
getOption (Socket s) l o = alloca $ \p -> with 4 $ \n -> do
  throwErrnoIfMinus1_ "getsockopt" (c_get s l o p n)
  fromIntegral <$> peek p

-- From now on it blocks (or not).
blocking :: Socket -> Bool -> IO ()
blocking (Socket s) b =
  throwErrnoIfMinus1_ "fcntl" (c_fcntl s 4 (if b then 0 else 0o4000))

tryErrno :: IO a -> IO (Either Int a)
tryErrno act = either (Left . maybe 0 fromIntegral . ioe_errno) Right
  <$> try act
