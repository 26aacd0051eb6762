{-# LANGUAGE MagicHash #-}
{-# LANGUAGE UnliftedFFITypes #-}
-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- A call from C and its answer.
module HaLVM.Bridge.Call
  ( Call
  , answer
  , failing
  , copyOut
  , copyIn
  ) where

import Control.Concurrent (ThreadId)
import Control.Exception
import Control.Monad (when)
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as BC
import qualified Data.ByteString.Unsafe as BU
import Data.Int
import Data.Maybe (isNothing)
import Data.Word
import Foreign.C.Error (Errno (..))
import Foreign.Marshal.Utils (copyBytes)
import Foreign.Ptr
import Foreign.Storable
import GHC.Conc (ThreadId (..), myThreadId)
import GHC.Exts (ThreadId#)
import GHC.IO.Exception (ioe_errno)
import System.Environment (lookupEnv)
import System.IO.Unsafe (unsafePerformIO)

import HaLVM.Provider.Below
import HaLVM.Provider.Console
import HaLVM.Provider.Error (errnoOf)

-- | @struct halvm_bridge_call@.
data CallTag
type Call = Ptr CallTag

foreign import ccall unsafe "halvm_bridge_serve"
  c_serve :: Call -> ThreadId# -> IO ()

serve :: Call -> ThreadId -> IO ()
serve c (ThreadId t) = c_serve c t

-- | Answers with the result, or with the error that an exception stands for.
-- No exception leaves it: neither one that the provider throws, nor a stack
-- overflow, nor one thrown to this thread by another.
answer :: String -> Call -> IO Int64 -> IO ()
answer what c act = finish $ mask $ \restore -> do
  myThreadId >>= serve c
  r <- try (restore act)
  case r of
    Right n -> result n
    Left e -> do
      let Errno n = errnoOf e
      result (negate (fromIntegral n))
      report what e
  where
    result = poke (castPtr c) :: Int64 -> IO ()
{-# INLINE answer #-}

-- What another thread threw and still waits is raised where the mask ends.
finish :: IO () -> IO ()
finish act = act `catch` again
  where
    again :: SomeException -> IO ()
    again _ = finish (return ())

-- | The negative number of an error, as a result.
failing :: Errno -> Int64
failing (Errno n) = negate (fromIntegral n)

-- Whoever writes a provider wants to see why a program gets EIO.
report :: String -> SomeException -> IO ()
report what e = when (reporting && odd') $ say `catch` ignore
  where
    odd' = maybe True (isNothing . ioe_errno) (fromException e)
    say = do
      d <- belowConsole ErrorOutput
      belowPut d (BC.pack (what ++ ": " ++ displayException e ++ "\n"))
    ignore :: SomeException -> IO ()
    ignore _ = return ()

reporting :: Bool
reporting = unsafePerformIO $
  maybe False (/= "") <$> lookupEnv "HALVM_BRIDGE_LOG"
{-# NOINLINE reporting #-}

-- | Writes the bytes to C's memory, which has room for so many, and tells how
-- many there are.
copyOut :: Ptr Word8 -> Int -> ByteString -> IO Int64
copyOut to room b = BU.unsafeUseAsCStringLen b $ \(p, n) -> do
  let m = min n room
  copyBytes to (castPtr p) m
  return (fromIntegral m)

-- | A copy of C's bytes.
copyIn :: Ptr Word8 -> Int -> IO ByteString
copyIn from n = B.packCStringLen (castPtr from, n)
