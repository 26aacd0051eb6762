-- SPDX-License-Identifier: BSD-3-Clause
-- Shows arrays: boxed, unboxed, ST, IO and storable ones, bounds, sorting.
import Control.Exception
import Control.Monad
import Control.Monad.ST
import Data.Array
import Data.Array.IO
import Data.Array.ST
import Data.Array.Storable
import Data.Array.Unboxed (UArray)
import qualified Data.Array.Unboxed as U
import Data.STRef
import Data.Word
import Foreign (peek, poke, peekElemOff)

sieve :: Int -> UArray Int Bool
sieve n = runSTUArray $ do
  a <- newArray (2, n) True
  forM_ [2 .. n] $ \i -> do
    p <- readArray a i
    when (p && i * i <= n) $ forM_ [i * i, i * i + i .. n] $ \j -> writeArray a j False
  pure a

main :: IO ()
main = do
  let ps = [i | (i, True) <- U.assocs (sieve 10000)]
  print (length ps, last ps, sum ps)
  let fibs = listArray (0, 90) [f i | i <- [0 .. 90]] :: Array Int Integer
      f 0 = 0
      f 1 = 1
      f i = fibs ! (i - 1) + fibs ! (i - 2)
  print (fibs ! 90)
  let g = U.listArray ((0, 0), (3, 4)) [1 ..] :: UArray (Int, Int) Word8
  print (g U.! (2, 3), U.bounds g, sum (map fromIntegral (U.elems g)) :: Int)
  print (accumArray (+) 0 ('a', 'e') [(c, 1) | c <- "abracadabra", c <= 'e'] :: Array Char Int)
  print (ixmap (0, 2) (* 2) (listArray (0, 5) "abcdef") // [(1, 'X')] :: Array Int Char)
  io <- newListArray (0, 9) [9, 8 .. 0] :: IO (IOUArray Int Int)
  forM_ [1 .. 9] $ \i -> forM_ [i, i - 1 .. 1] $ \j -> do
    x <- readArray io (j - 1)
    y <- readArray io j
    when (x > y) $ writeArray io j x >> writeArray io (j - 1) y
  getElems io >>= print
  fr <- freeze io :: IO (UArray Int Int)
  print (fr U.! 5, (fmap (* 2) fibs) ! 10)
  st <- newListArray (0, 3) [1.5, 2.5, 3.5, 4.5] :: IO (StorableArray Int Double)
  withStorableArray st $ \p -> peek p >>= poke p . (* 100) >> peekElemOff p 3 >>= print
  getElems st >>= print
  print (runST (do { r <- newSTRef 0; forM_ [1 .. 100 :: Int] (\i -> modifySTRef' r (+ i)); readSTRef r }))
  print (runSTArray (newArray (0, 2) "x" >>= \a -> writeArray a 1 "y" >> pure a))
  r <- try (readArray io 10)
  print (either (\e -> takeWhile (/= '\n') (show (e :: SomeException))) show r)
  print (listArray (1, 0) [] :: Array Int Int, fmap negate (listArray (0, 1) [1, 2]) :: Array Int Int)
