-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- An implementation of "HaLVM.Console" that puts the time and a level before
-- each line: @INFO@ for standard output, @ERROR@ for error output, other ones
-- if the environment has @HALVM_OUTPUT_LEVEL@ and @HALVM_ERROR_LEVEL@.
--
-- A line is stamped when its first byte comes, and nothing is held back: a
-- prompt is seen at once, and the end of the program loses nothing. If one
-- stream writes while the other one's line isn't ended, that line ends there.
module HaLVM.Console.Timestamp
  ( Console
  , start
  , readInput
  , writeOutput
  , ready
  , windowSize
    -- * For tests
  , Line (..)
  , stamped
  ) where

import Control.Concurrent
import Control.Concurrent.STM
import Control.Exception
import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.ByteString.Char8 as B
import Data.Maybe (fromMaybe)
import Data.Time.Clock
import Data.Time.Format
import System.Environment (lookupEnv)
import System.IO.Unsafe (unsafeInterleaveIO)

import HaLVM.Provider.Below
import HaLVM.Provider.Console
import HaLVM.Provider.Events

-- | The console.
data Console = Console
  { input, output :: !Descriptor
  , inputReady :: TVar Bool
    -- ^ Lazy: who never asks has no thread that watches the input.
  , outputReady :: !(TVar Bool)
  , line :: !(MVar Line)
    -- ^ Held while a piece is written, so that pieces don't mix.
  , levels :: !(Stream -> ByteString)
  }

-- | The line that was begun last.
data Line
  = Ended
  | Open !Stream  -- ^ No newline came yet.
  deriving (Eq, Show)

-- | Finds the console below.
start :: IO Console
start = do
  i <- belowConsole Input
  o <- belowConsole Output
  out <- fromMaybe "INFO" <$> lookupEnv "HALVM_OUTPUT_LEVEL"
  err <- fromMaybe "ERROR" <$> lookupEnv "HALVM_ERROR_LEVEL"
  let width = max (length out) (length err)
      pad s = B.pack (take (width + 1) (s ++ repeat ' '))
      level ErrorOutput = pad err
      level _ = pad out
  inReady <- unsafeInterleaveIO (watchInput i)
  Console i o inReady <$> newTVarIO True <*> newMVar Ended <*> pure level

-- Whenever it isn't known to be readable, waits till it is. It doesn't read:
-- what the program leaves belongs to somebody else.
watchInput :: Descriptor -> IO (TVar Bool)
watchInput d = do
  known <- newTVarIO False
  _ <- forkIO $ forever $ do
    atomically (readTVar known >>= check . not)
    threadWaitRead d `catch` giveUp
    atomically (writeTVar known True)
  return known
  where
    giveUp :: IOException -> IO ()
    giveUp _ = return ()

-- | What is below has.
readInput :: Console -> Int -> IO (Maybe ByteString)
readInput c n = do
  there <- readTVarIO (inputReady c)
  if not there then return Nothing else do
    b <- belowRead (input c) n
    -- At its end it stays readable.
    unless (B.null b) (atomically (writeTVar (inputReady c) False))
    return (Just b)

-- | Writes it with stamps, but for what doesn't go without waiting.
writeOutput :: Console -> Stream -> ByteString -> IO (Maybe Int)
writeOutput c s b = modifyMVar (line c) $ \l -> do
  free <- belowWritable (output c)
  if not free
    then (l, Nothing) <$ atomically (writeTVar (outputReady c) False)
           <* forkIO freed
    else do
      now <- getCurrentTime
      let piece = B.take 2048 b
          (text, after) = stamped (prefix now) l s piece
      belowPut (output c) text
      return (after, Just (B.length piece))
  where
    freed = do
      threadWaitWrite (output c)
      atomically (writeTVar (outputReady c) True)
    prefix now = B.pack (formatTime defaultTimeLocale "%FT%T%3QZ " now)
      <> levels c s

-- | A piece of a stream's text with the prefix at the beginnings of lines.
stamped :: ByteString -> Line -> Stream -> ByteString -> (ByteString, Line)
stamped prefix l s b = (B.concat (interrupt ++ pieces continued b), after)
  where
    continued = l == Open s
    interrupt = [B.singleton '\n' | Open other <- [l], other /= s]
    after | B.null b = l
          | B.last b == '\n' = Ended
          | otherwise = Open s
    pieces inside t
      | B.null t = []
      | otherwise =
          let (x, rest) = B.break (== '\n') t
              (end, next) = B.splitAt 1 rest
          in [prefix | not inside] ++ x : end : pieces False next

-- | Input is ready when that below is.
ready :: Console -> Stream -> STM Events
ready c Input = (`when'` readable) <$> readTVar (inputReady c)
ready c _ = (`when'` writable) <$> readTVar (outputReady c)

-- | It isn't a terminal: nothing that wants to place text will do here.
-- Programs write in blocks then, as to a file, unless they say otherwise.
windowSize :: Console -> IO (Maybe WindowSize)
windowSize _ = return Nothing
