-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Who has which address.
module HaLVM.NetworkStack.Memory.Ports
  ( bindTo
  , bindFree
  , bindSomehow
  , release
  , listening
  , rival
  , answering
  ) where

import Control.Concurrent.STM
import Control.Monad
import qualified Data.Map.Strict as M
import Data.Word

import HaLVM.NetworkStack.Memory.Host
import HaLVM.NetworkStack.Memory.Types
import HaLVM.Provider.Error
import HaLVM.Provider.Socket

at :: Socket -> Word16 -> STM [Socket]
at s p = M.findWithDefault [] (typeIs s, p) <$> readTVar (ports (stack s))

-- | Takes an address. @EADDRINUSE@.
bindTo :: Socket -> Bound -> Word16 -> STM ()
bindTo s b p = do
  writeTVar (local s) (Just (b, p))
  others <- at s p
  taken <- anyM (rival s) others
  when taken (refuse eADDRINUSE)
  modifyTVar' (ports (stack s)) (M.insert (typeIs s, p) (s : others))

-- | Takes a free port there. @EADDRINUSE@: there is none.
bindFree :: Socket -> Bound -> STM ()
bindFree s b = do
  first <- readTVar (nextPort (stack s))
  let candidates = [first .. lastPort] ++ [firstPort .. first - 1]
      firstPort = 32768
      lastPort = 60999
      try' [] = refuse eADDRINUSE
      try' (p : more) = do
        others <- at s p
        if null others
          then do
            bindTo s b p
            writeTVar (nextPort (stack s)) (if p >= lastPort then firstPort
              else p + 1)
          else try' more
  try' candidates

-- | Takes a free port if it has no address yet.
bindSomehow :: Socket -> Bound -> STM ()
bindSomehow s b = do
  l <- readTVar (local s)
  when (l == Nothing) (bindFree s b)

-- | Gives its address back.
release :: Socket -> STM ()
release s = do
  l <- readTVar (local s)
  forM_ l $ \(_, p) -> modifyTVar' (ports (stack s))
    (M.update (nonEmpty . filter (/= s)) (typeIs s, p))
  writeTVar (local s) Nothing
  where
    nonEmpty [] = Nothing
    nonEmpty xs = Just xs

-- | Does it listen?
listening :: Socket -> STM Bool
listening s = do
  st <- readTVar (state s)
  return $ case st of
    Listening _ -> True
    _ -> False

-- | Can't both have their addresses, of which the ports are the same?
rival :: Socket -> Socket -> STM Bool
rival s o = do
  a <- readTVar (local s)
  b <- readTVar (local o)
  case (a, b) of
    (Just (x, _), Just (y, _)) | s /= o && overlap x y -> do
      reuse <- both ReuseAddress
      share <- both ReusePort
      listens <- (||) <$> listening s <*> listening o
      return (not (share || reuse && not (listens && typeIs s == Stream)))
    _ -> return False
  where
    both opt = (&&) <$> optionIs opt s <*> optionIs opt o

-- | The sockets that answer for a host's port, those bound to just that host
-- first.
answering :: NetworkStack -> SocketType -> Host -> Word16 -> STM [Socket]
answering n t h p = do
  all' <- M.findWithDefault [] (t, p) <$> readTVar (ports n)
  bounds <- forM all' $ \s -> (,) s <$> readTVar (local s)
  return ([s | (s, Just (Only x, _)) <- bounds, x == h]
    ++ [s | (s, Just (b, _)) <- bounds, general b, covers b h])
  where
    general (Only _) = False
    general _ = True

anyM :: (a -> STM Bool) -> [a] -> STM Bool
anyM _ [] = return False
anyM f (x : xs) = f x >>= \y -> if y then return True else anyM f xs
