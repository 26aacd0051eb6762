-- SPDX-License-Identifier: BSD-3-Clause

-- | At the prompt of @--interactive@ the compiler and ghc-iserv, which runs the
-- program, read one standard input, but are two processes. A terminal hands out
-- lines; of a pipe or a file neither must take more than it wants, or what the
-- other asks for next would be gone.
module Halvm.SharedInput (shareInput, shareInputIfTold) where

import Prelude

import Control.Concurrent.MVar (modifyMVar_, takeMVar)
import Control.Monad (unless, when)
import qualified GHC.IO.BufferedIO as Buffered
import qualified GHC.IO.Device as Device
import GHC.IO.Encoding (getLocaleEncoding)
import qualified GHC.IO.FD as FD
import GHC.IO.Handle (mkFileHandle)
import GHC.IO.Handle.Types (Handle (..), nativeNewlineMode)
import GHC.IO.IOMode (IOMode (ReadMode))
import System.Environment (lookupEnv, setEnv, unsetEnv)
import System.IO (hIsTerminalDevice, stdin)

-- | A file descriptor that is read a byte at a time.
newtype Sip = Sip FD.FD

instance Device.RawIO Sip where
  read (Sip fd) p at n = Device.read fd p at (min 1 n)
  readNonBlocking (Sip fd) p at n = Device.readNonBlocking fd p at (min 1 n)
  write (Sip fd) = Device.write fd
  writeNonBlocking (Sip fd) = Device.writeNonBlocking fd

instance Buffered.BufferedIO Sip where
  newBuffer (Sip fd) = Buffered.newBuffer fd
  fillReadBuffer = Buffered.readBuf
  fillReadBuffer0 = Buffered.readBufNonBlocking
  flushWriteBuffer = Buffered.writeBuf
  flushWriteBuffer0 = Buffered.writeBufNonBlocking

instance Device.IODevice Sip where
  ready (Sip fd) = Device.ready fd
  close (Sip fd) = Device.close fd
  isTerminal (Sip fd) = Device.isTerminal fd
  isSeekable _ = pure False
  devType (Sip fd) = Device.devType fd

-- Tells ghc-iserv, which inherits the environment.
variable :: String
variable = "HALVM_SHARED_INPUT"

-- | For the compiler: makes 'stdin' such a handle, unless it is a terminal, and
-- has ghc-iserv do the same.
shareInput :: IO ()
shareInput = do
  terminal <- hIsTerminalDevice stdin
  unless terminal $ do
    setEnv variable "1"
    sipStdin

-- | For ghc-iserv.
shareInputIfTold :: IO ()
shareInputIfTold = do
  told <- lookupEnv variable
  when (told == Just "1") $ do
    unsetEnv variable
    sipStdin

sipStdin :: IO ()
sipStdin = do
  encoding <- getLocaleEncoding
  new <- mkFileHandle (Sip FD.stdin) "<stdin>" ReadMode (Just encoding)
    nativeNewlineMode
  case (stdin, new) of
    (FileHandle _ old, FileHandle _ m) ->
      takeMVar m >>= modifyMVar_ old . const . pure
    _ -> pure ()
