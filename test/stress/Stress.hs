-- SPDX-License-Identifier: BSD-3-Clause
-- | What the Haskell stress programs share: the arguments of stress.h, and a
-- sequence of numbers made of the round's.
module Stress
  ( stress, ensure, Random, newRandom, below
  ) where

import Control.Exception
import Control.Monad (unless)
import Data.Bits (shiftR, xor)
import Data.IORef
import Data.List (stripPrefix)
import Data.Word (Word64)
import GHC.Clock (getMonotonicTime)
import System.Environment (getArgs)
import System.Exit
import System.IO

data Options = Options
  { amount :: Int, rounds :: Int, begin :: Int, seconds :: Double }

-- | @stress name amount round@ runs @round number amount@ as the arguments say
-- and prints @name: ok@.
stress :: String -> Int -> (Int -> Int -> IO ()) -> IO ()
stress name size oneRound = do
  args <- getArgs
  o <- either usage pure (parse (Options size 1 0 0) args)
  start <- getMonotonicTime
  let go n = do
        now <- getMonotonicTime
        let more | seconds o > 0 = now - start < seconds o
                 | otherwise = n < begin o + rounds o
        if more
          then do
            oneRound n (amount o) `catch` \e -> do
              hPutStrLn stderr (name ++ ": " ++ show (e :: SomeException)
                ++ "; --first=" ++ show n ++ " --amount=" ++ show (amount o))
              exitWith (ExitFailure 1)
            go (n + 1)
          else putStrLn (name ++ ": ok")
  go (begin o)
  where
    usage word = do
      hPutStrLn stderr (name ++ ": wrong argument: " ++ word)
      hPutStrLn stderr ("usage: " ++ name
        ++ " [--amount=N] [--first=N] [--rounds=N | --seconds=N]")
      exitWith (ExitFailure 2)
    parse o [] = Right o
    parse o (a : rest)
      | Just n <- option "--amount=" a = parse o { amount = n } rest
      | Just n <- option "--rounds=" a = parse o { rounds = n } rest
      | Just n <- option "--first=" a = parse o { begin = n } rest
      | Just n <- option "--seconds=" a = parse o { seconds = n } rest
      | otherwise = Left a
    option prefix a = case reads <$> stripPrefix prefix a of
      Just [(n, "")] -> Just n
      _ -> Nothing

-- | Ends the program, from whatever thread, when something is not so.
ensure :: String -> Bool -> IO ()
ensure what ok = unless ok (throwIO (ErrorCall ("not so: " ++ what)))

newtype Random = Random (IORef Word64)

newRandom :: Int -> IO Random
newRandom seed = Random <$> newIORef (fromIntegral seed)

-- | The next number from 0 below @n@ (SplitMix64, as in stress.h).
below :: Random -> Int -> IO Int
below (Random ref) n = do
  s <- (+ 0x9e3779b97f4a7c15) <$> readIORef ref
  writeIORef ref s
  let a = (s `xor` (s `shiftR` 30)) * 0xbf58476d1ce4e5b9
      b = (a `xor` (a `shiftR` 27)) * 0x94d049bb133111eb
  pure (fromIntegral ((b `xor` (b `shiftR` 31)) `shiftR` 33) `mod` n)
