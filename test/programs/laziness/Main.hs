-- SPDX-License-Identifier: BSD-3-Clause
-- Shows laziness: infinite lists, knots, unsafeInterleaveIO, trace order, seq.
{-# LANGUAGE BangPatterns #-}
import Control.DeepSeq
import Control.Exception
import Data.IORef
import Debug.Trace
import System.IO
import System.IO.Unsafe

primes :: [Int]
primes = 2 : filter (\n -> all (\p -> n `mod` p /= 0) (takeWhile (\p -> p * p <= n) primes)) [3 ..]

fibs :: [Integer]
fibs = 0 : 1 : zipWith (+) fibs (tail fibs)

counter :: IORef Int
counter = unsafePerformIO (newIORef 0)
{-# NOINLINE counter #-}

data Node = Node { label :: Int, next :: Node }

main :: IO ()
main = do
  print (takeWhile (< 60) primes, primes !! 1000, fibs !! 300)
  let a = Node 1 b
      b = Node 2 a
  print (map label (take 5 (iterate next a)))
  x <- unsafeInterleaveIO (modifyIORef counter (+ 1) >> putStrLn "forced" >> pure 'x')
  readIORef counter >>= print
  print (x, x)
  readIORef counter >>= print
  let y = trace "evaluated once" (product [1 .. 20 :: Integer])
  hFlush stdout
  print (y + y)
  traceM "in the monad"
  _ <- evaluate (traceShowId (length "abc"))
  traceIO "traceIO"
  print (fst ('a', undefined), length [undefined, undefined], const 1 (undefined :: Int) + (2 :: Int))
  r <- try (evaluate (undefined `seq` ()))
  putStrLn (either (\e -> head (lines (show (e :: ErrorCall)))) show r)
  s <- try (evaluate ([1 :: Int, undefined] `deepseq` ()))
  putStrLn (either (\e -> head (lines (show (e :: ErrorCall)))) show s)
  print (let f !n | n > (100000 :: Int) = n
             f n = f (n + 1) in f 0)
  print (foldr (\k acc -> k < 10 && acc) True [1 ..])
  let ~(p, q) = undefined :: (Int, Int)
  print (case [p, q] of { [_, _] -> "irrefutable"; _ -> "" })
  z <- fixIO (\zs -> pure (1 : map (* 2) (take 9 zs)))
  print (z :: [Int])
