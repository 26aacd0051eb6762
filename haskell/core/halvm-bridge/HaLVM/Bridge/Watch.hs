-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Tells the runtime what is ready, so that poll, select and epoll needn't ask.
--
-- Each watched object has a thread that waits for the next change. Whoever
-- made a change doesn't wait for the thread but tells of it at once ('tell').
module HaLVM.Bridge.Watch
  ( Watched
  , Kind (..)
  , watch
  , unwatch
  , tell
  , waitFor
  ) where

import Control.Concurrent
import Control.Concurrent.STM
import Control.Exception hiding (handle)
import Control.Monad
import Data.Bits
import Data.Int
import Data.Word
import Foreign.C.Error (eBADF, errnoToIOError)
import Foreign.C.Types

import HaLVM.Provider.Events

-- | @enum halvm_provider_kind@.
data Kind = Console | Files | Network
  deriving (Eq, Enum)

foreign import ccall safe "halvm_provider_ready"
  c_ready :: CInt -> Word64 -> CUInt -> IO ()

-- | An object that is watched.
data Watched = Watched
  { kind :: !Kind
  , handle :: !Word64
  , events :: STM Events
  , told :: !(TVar Events)
  , gone :: !(TVar Bool)
  , turn :: !(MVar ())
    -- ^ Held from asking for the events till the runtime knows them, so that
    -- it gets them in the order in which they held.
  }

-- | Begins to watch. The transaction tells the events that hold; one that
-- throws counts as 'failed'.
watch :: Kind -> Word64 -> STM Events -> IO Watched
watch k h e = do
  w <- Watched k h (e `catchSTM` broken) <$> newTVarIO none <*> newTVarIO False
    <*> newMVar ()
  tell w
  _ <- mask_ $ forkIOWithUnmask $ \unmask -> unmask (watcher w) `catch` ended
  return w
  where
    broken :: SomeException -> STM Events
    broken _ = return (failed <> readable <> writable)
    -- Nothing can change any more, or the program ends.
    ended :: SomeException -> IO ()
    ended _ = return ()

watcher :: Watched -> IO ()
watcher w = do
  over <- atomically $ do
    g <- readTVar (gone w)
    if g then return True else do
      e <- events w
      t <- readTVar (told w)
      when (e == t) retry
      return False
  unless over (tell w >> watcher w)

-- | Tells what holds now, if that's new.
tell :: Watched -> IO ()
tell = tellIf False

tellIf :: Bool -> Watched -> IO ()
tellIf always w = withMVar (turn w) $ \_ -> do
  new <- atomically $ do
    g <- readTVar (gone w)
    e <- events w
    t <- readTVar (told w)
    if g || e == t && not always
      then return Nothing
      else Just e <$ writeTVar (told w) e
  case new of
    Just (Events e) -> c_ready (fromIntegral (fromEnum (kind w))) (handle w)
      (fromIntegral e)
    Nothing -> return ()

-- | The object is closed.
unwatch :: Watched -> IO ()
unwatch w = atomically (writeTVar (gone w) True)

-- | Waits till one of the events holds, at most so many ns (negative: no end).
-- Those that hold of them, or 0 when the time is over. Whether it waits or
-- not, the runtime is told what holds now.
waitFor :: Watched -> CUInt -> Int64 -> IO Int64
waitFor w wanted timeout = do
  tellIf True w
  held <- atomically holding
  fromIntegral <$> if held /= 0 || timeout == 0 then return held else
    if timeout < 0 then atomically some else
      bracket (newTimer timeout) (killThread . snd) $ \(over, _) ->
        atomically (some `orElse` (0 <$ (readTVar over >>= check)))
  where
    wantedEvents = fromIntegral wanted .|. alwaysEvents
    Events alwaysEvents = failed <> hungUp
    holding = do
      g <- readTVar (gone w)
      when g (throwSTM closed)
      Events e <- events w
      return (e .&. wantedEvents)
    some = do
      e <- holding
      e <$ check (e /= 0)
    closed = errnoToIOError "wait" eBADF Nothing Nothing

-- registerDelay is for the threaded RTS only.
newTimer :: Int64 -> IO (TVar Bool, ThreadId)
newTimer ns = do
  over <- newTVarIO False
  t <- forkIO $ do
    threadDelay (fromIntegral ((ns + 999) `div` 1000))
    atomically (writeTVar over True)
  return (over, t)
