-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- The module that fills @HaLVM.Console@ answers for the program's console.
module HaLVM.Bridge.Console () where

import Control.Exception (evaluate)
import Control.Monad (when)
import Data.Int
import Data.Word
import Foreign.C.Types
import Foreign.Ptr
import Foreign.Storable
import System.IO.Unsafe (unsafePerformIO)

import HaLVM.Bridge.Call
import HaLVM.Bridge.Watch hiding (Console)
import qualified HaLVM.Bridge.Watch as W
import HaLVM.Console
import HaLVM.Provider.Console
import HaLVM.Provider.Error

console :: Console
console = unsafePerformIO start
{-# NOINLINE console #-}

-- It is made here, not where a transaction comes upon it.
served :: String -> Call -> IO Int64 -> IO ()
served what c act = answer what c (evaluate console >> act)

-- Each stream's watcher begins when it is first used.
inputWatch, outputWatch, errorWatch :: Watched
inputWatch = unsafePerformIO (watchStream Input)
outputWatch = unsafePerformIO (watchStream Output)
errorWatch = unsafePerformIO (watchStream ErrorOutput)
{-# NOINLINE inputWatch #-}
{-# NOINLINE outputWatch #-}
{-# NOINLINE errorWatch #-}

watchStream :: Stream -> IO Watched
watchStream s =
  watch W.Console (fromIntegral (fromEnum s)) (ready console s)

watched :: Stream -> Watched
watched Input = inputWatch
watched Output = outputWatch
watched ErrorOutput = errorWatch

stream :: Int32 -> IO Stream
stream 0 = return Input
stream 1 = return Output
stream 2 = return ErrorOutput
stream _ = failWith eBADF "console"

foreign export ccall halvm_bridge_console_read
  :: Call -> Ptr Word8 -> Int -> IO ()

halvm_bridge_console_read :: Call -> Ptr Word8 -> Int -> IO ()
halvm_bridge_console_read c to n = served "HaLVM.Console.readInput" c $
  if n == 0 then return 0 else do
    r <- readInput console n
    tell inputWatch
    maybe (return (failing eAGAIN)) (copyOut to n) r

foreign export ccall halvm_bridge_console_write
  :: Call -> Int32 -> Ptr Word8 -> Int -> IO ()

halvm_bridge_console_write :: Call -> Int32 -> Ptr Word8 -> Int -> IO ()
halvm_bridge_console_write c number from n =
  served "HaLVM.Console.writeOutput" c $ if n == 0 then return 0 else do
    s <- stream number
    when (s == Input) (failWith eBADF "console")
    r <- copyIn from n >>= writeOutput console s
    tell (watched s)
    return (maybe (failing eAGAIN) (fromIntegral . min n) r)

foreign export ccall halvm_bridge_console_window
  :: Call -> Ptr Word16 -> IO ()

halvm_bridge_console_window :: Call -> Ptr Word16 -> IO ()
halvm_bridge_console_window c p = served "HaLVM.Console.windowSize" c $ do
  r <- windowSize console
  case r of
    Nothing -> return (failing eNOTTY)
    Just w -> do
      pokeElemOff p 0 (windowRows w)
      pokeElemOff p 1 (windowColumns w)
      pokeElemOff p 2 (windowWidth w)
      pokeElemOff p 3 (windowHeight w)
      return 0

foreign export ccall halvm_bridge_console_wait
  :: Call -> Int32 -> CUInt -> Int64 -> IO ()

halvm_bridge_console_wait :: Call -> Int32 -> CUInt -> Int64 -> IO ()
halvm_bridge_console_wait c number events timeout =
  served "HaLVM.Console.ready" c $ do
    s <- stream number
    waitFor (watched s) events timeout
