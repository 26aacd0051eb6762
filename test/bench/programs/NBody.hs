-- SPDX-License-Identifier: BSD-3-Clause
-- Allocation-free floating point: the planets' orbits by small steps.
{-# LANGUAGE BangPatterns #-}
module Main (main) where

import System.Environment (getArgs)
import Control.Monad
import Foreign

-- Seven doubles a body: position, velocity, mass.
type Bodies = Ptr Double

bodies :: [[Double]]
bodies =
  [ [0, 0, 0, 0, 0, 0, sun]
  , [4.841431442464721, -1.16032004402742839, -0.103622044471123109,
     0.606326392995832, 2.81198684491626, -0.02521836165988763, 9.54791938424326609e-4 * sun]
  , [8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
     -1.01077434617879, 1.82566237123041, 0.00841576137658415, 2.85885980666130812e-4 * sun]
  , [12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
     1.08279100644154, 0.868713018169608, -0.0108326374013636, 4.36624404335156298e-5 * sun]
  , [15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
     0.979090732243898, 0.594698998647676, -0.0347559555040781, 5.15138902046611451e-5 * sun] ]
 where sun = 39.47841760435743

count :: Int
count = 5

get :: Bodies -> Int -> Int -> IO Double
get p i k = peekElemOff p (7 * i + k)

add :: Bodies -> Int -> Int -> Double -> IO ()
add p i k d = get p i k >>= \x -> pokeElemOff p (7 * i + k) (x + d)

advance :: Double -> Bodies -> IO ()
advance dt p = outer 0
 where
  outer !i
    | i == count = pure ()
    | otherwise = inner i (i + 1) >> outer (i + 1)
  inner !i !j
    | j == count = pure ()
    | otherwise = do
        dx <- (-) <$> get p i 0 <*> get p j 0
        dy <- (-) <$> get p i 1 <*> get p j 1
        dz <- (-) <$> get p i 2 <*> get p j 2
        mi <- get p i 6
        mj <- get p j 6
        let d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * sqrt d2)
        add p i 3 (-dx * mj * mag)
        add p i 4 (-dy * mj * mag)
        add p i 5 (-dz * mj * mag)
        add p j 3 (dx * mi * mag)
        add p j 4 (dy * mi * mag)
        add p j 5 (dz * mi * mag)
        inner i (j + 1)

move :: Double -> Bodies -> IO ()
move dt p = forM_ [0 .. count - 1] $ \i -> forM_ [0 .. 2] $ \k ->
  get p i (k + 3) >>= add p i k . (* dt)

main :: IO ()
main = withArray (concat bodies) $ \p -> do
  [size] <- map read <$> getArgs
  replicateM_ size (advance 0.01 p >> move 0.01 p)
  x <- get p 1 0
  print (fromIntegral (round (x * 1e6) :: Int) / 1e6 :: Double)
