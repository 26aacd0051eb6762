-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Streams.
module HaLVM.NetworkStack.Memory.Stream
  ( connectStream
  , listenStream
  , acceptStream
  , sendStream
  , receiveStream
  , shutdownStream
  , closeStream
  , readyStream
  ) where

import Control.Concurrent.STM
import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import Data.Foldable (toList)
import Data.Int
import qualified Data.Map.Strict as M
import qualified Data.Sequence as Q
import Data.Sequence (ViewL (..), viewl, (|>))
import Data.Word

import HaLVM.NetworkStack.Memory.Host
import HaLVM.NetworkStack.Memory.Pipe
import HaLVM.NetworkStack.Memory.Ports
import HaLVM.NetworkStack.Memory.Types
import HaLVM.Provider.Error
import HaLVM.Provider.Events
import HaLVM.Provider.Socket

-- | Is there at once, or waits for its turn in the listener's queue.
connectStream :: Socket -> Host -> Word16 -> STM (Either Errno Bool)
connectStream s h p = pending s $ do
  st <- readTVar (state s)
  case st of
    Idle -> return ()
    Connecting _ -> refuse eALREADY
    Closed -> refuse eBADF
    _ -> refuse eISCONN
  there <- answering (stack s) Stream h p >>= filterM listening
  case there of
    [] -> refuse eCONNREFUSED
    l : _ -> do
      bindSomehow s (Only h)
      ls <- readTVar (state l)
      case ls of
        Listening q -> do
          n <- Q.length <$> readTVar (arrived q)
          m <- readTVar (most q)
          if n < m then True <$ establish s l q h p else do
            writeTVar (state s) (Connecting q)
            modifyTVar' (waiting q) (|> (s, h, p))
            return False
        _ -> refuse eCONNREFUSED

-- Makes the listener's end, and links both.
establish :: Socket -> Socket -> Listener -> Host -> Word16 -> STM ()
establish s l q h p = do
  os <- readTVar (options l)
  size <- readTVar (buffer l)
  o <- makeSocket (stack l) (familyIs l) Stream os size
  there <- newPipe (buffer o)
  back <- newPipe (buffer s)
  mine <- readTVar (local s)
  let port' = maybe 0 snd mine
      host' = case mine of
        Just (Only x, _) -> x
        _ -> h
  writeTVar (local s) (Just (Only host', port'))
  writeTVar (state s) (Connected (Link back there h p (trouble o)))
  writeTVar (state o) (Connected (Link there back host' port' (trouble s)))
  -- It has the listener's port, which nobody minds.
  writeTVar (local o) (Just (Only h, p))
  modifyTVar' (ports (stack l)) (M.insertWith (++) (Stream, p) [o])
  modifyTVar' (arrived q) (|> (o, presented (familyIs l) host' port'))

-- | Begins to listen, or changes how many may wait.
listenStream :: Socket -> Int -> STM ()
listenStream s n = do
  st <- readTVar (state s)
  case st of
    Idle -> do
      only <- onlyIPv6 s
      bindSomehow s (if familyIs s == Inet then Any4 else Any6 only)
      writeTVar (state s) . Listening =<< Listener <$> newTVar Q.empty
        <*> newTVar (max 1 n) <*> newTVar Q.empty
      -- An address may be shared only as long as one listens.
      l <- readTVar (local s)
      others <- maybe (return []) (\(_, p) -> M.findWithDefault [] (Stream, p)
        <$> readTVar (ports (stack s))) l
      rivals <- filterM (rival s) others >>= filterM listening
      unless (null rivals) (refuse eADDRINUSE)
    Listening q -> writeTVar (most q) (max 1 n)
    _ -> refuse eINVAL

-- | The first one; who waits for room in the queue comes into it.
acceptStream :: Socket -> STM (Maybe (Socket, SocketAddress))
acceptStream s = do
  st <- readTVar (state s)
  case st of
    Listening q -> do
      a <- readTVar (arrived q)
      case viewl a of
        EmptyL -> return Nothing
        x :< rest -> do
          writeTVar (arrived q) rest
          w <- readTVar (waiting q)
          case viewl w of
            EmptyL -> return ()
            (c, h, p) :< more -> do
              writeTVar (waiting q) more
              establish c s q h p
          return (Just x)
    _ -> refuse eINVAL

-- | As much as there is room for.
sendStream :: Socket -> ByteString -> STM (Either Errno (Maybe Int))
sendStream s b = pending s $ do
  st <- readTVar (state s)
  case st of
    Connected l -> do
      e <- (||) <$> readTVar (ended (outgoing l))
        <*> readTVar (gone (outgoing l))
      when e (refuse ePIPE)
      n <- put (outgoing l) b
      return (if n == 0 then Nothing else Just n)
    Connecting _ -> return Nothing
    _ -> refuse ePIPE

-- | What has come; an error only after that.
receiveStream :: Socket -> Bool -> Int -> STM (Either Errno (Maybe ByteString))
receiveStream s out n = do
  st <- readTVar (state s)
  case st of
    Connected l -> do
      b <- get out (incoming l) n
      if not (B.null b) then return (Right (Just b)) else pending s $ do
        e <- (||) <$> readTVar (ended (incoming l))
          <*> readTVar (deaf (incoming l))
        return (if e then Just B.empty else Nothing)
    Connecting _ -> return (Right Nothing)
    _ -> pending s (refuse eNOTCONN)

-- | Half of it, or both.
shutdownStream :: Socket -> Way -> STM ()
shutdownStream s w = do
  st <- readTVar (state s)
  case st of
    Connected l -> do
      when (sends w) (writeTVar (ended (outgoing l)) True)
      when (receives w) (writeTVar (deaf (incoming l)) True)
    Listening q | receives w -> stopListening q >> writeTVar (state s) Idle
    _ -> refuse eNOTCONN

-- | What was sent still arrives; but if something that came was never read, or
-- the option Linger says so, the peer gets to know it.
closeStream :: Socket -> STM ()
closeStream s = do
  st <- readTVar (state s)
  case st of
    Connected l -> do
      unread <- not <$> isEmpty (incoming l)
      abrupt <- lingersNot <$> readTVar (options s)
      endLink l (unread || abrupt)
    Listening q -> stopListening q
    Connecting q ->
      modifyTVar' (waiting q) (Q.filter (\(x, _, _) -> x /= s))
    _ -> return ()
  writeTVar (state s) Closed
  release s
  where
    -- struct linger: on, for 0 seconds
    lingersNot o = case M.lookup Linger o of
      Just (OtherValue v) -> B.any (/= 0) (B.take 4 v)
        && B.all (== 0) (B.drop 4 v)
      _ -> False

endLink :: Link -> Bool -> STM ()
endLink l reset = do
  over <- readTVar (gone (outgoing l))
  writeTVar (ended (outgoing l)) True
  writeTVar (gone (incoming l)) True
  when (reset && not over) (writeTVar (peerTrouble l) (value eCONNRESET))

value :: Errno -> Int32
value (Errno n) = fromIntegral n

-- Who has arrived is sent away, and who waits is refused.
stopListening :: Listener -> STM ()
stopListening q = do
  a <- readTVar (arrived q)
  forM_ (toList a) $ \(o, _) -> do
    st <- readTVar (state o)
    case st of
      Connected l -> endLink l True
      _ -> return ()
    writeTVar (state o) Closed
    release o
  w <- readTVar (waiting q)
  forM_ (toList w) $ \(c, _, _) -> do
    writeTVar (trouble c) (value eCONNREFUSED)
    writeTVar (state c) Idle
  writeTVar (arrived q) Q.empty
  writeTVar (waiting q) Q.empty

-- | As TCP's on Linux.
readyStream :: Socket -> STM Events
readyStream s = do
  st <- readTVar (state s)
  e <- readTVar (trouble s)
  let wrong = e /= 0
  case st of
    Connected l -> do
      something <- not <$> isEmpty (incoming l)
      end <- (||) <$> readTVar (ended (incoming l))
        <*> readTVar (deaf (incoming l))
      shut <- readTVar (ended (outgoing l))
      left <- readTVar (gone (outgoing l))
      space <- spacious (outgoing l)
      return $ when' (something || end || wrong) readable
        <> when' (space || shut || left || wrong) writable
        <> when' end peerClosed
        <> when' (end && shut || wrong && left) hungUp
        <> when' wrong failed
    Listening q -> do
      a <- readTVar (arrived q)
      return (when' (not (Q.null a)) readable)
    Connecting _ -> return none
    Closed -> return none
    _ -> return (writable <> hungUp
      <> when' wrong (readable <> failed))
