-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- The numbers by which C knows what a provider has open.
module HaLVM.Bridge.Handles
  ( Handles
  , Handle
  , newHandles
  , enter
  , find
  , remove
  ) where

import qualified Data.IntMap.Strict as M
import Data.IORef
import Data.Word
import HaLVM.Provider.Error

-- | @halvm_handle@; never 0, and none twice.
type Handle = Word64

-- | What is open.
newtype Handles a = Handles (IORef (State a))

data State a = State !Int !(M.IntMap a)

-- | Nothing is.
newHandles :: IO (Handles a)
newHandles = Handles <$> newIORef (State 1 M.empty)

-- | A new handle of something, which may depend on it.
enter :: Handles a -> (Handle -> a) -> IO Handle
enter (Handles r) make = atomicModifyIORef' r $ \(State n m) ->
  let h = fromIntegral n in (State (n + 1) (M.insert n (make h) m), h)

-- | @EBADF@.
find :: Handles a -> Handle -> IO a
find (Handles r) h = do
  State _ m <- readIORef r
  maybe (failWith eBADF "handle") return (M.lookup (fromIntegral h) m)

-- | It is no more; @EBADF@.
remove :: Handles a -> Handle -> IO a
remove (Handles r) h = do
  x <- atomicModifyIORef' r $ \(State n m) ->
    (State n (M.delete (fromIntegral h) m), M.lookup (fromIntegral h) m)
  maybe (failWith eBADF "handle") return x
