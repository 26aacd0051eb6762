-- SPDX-License-Identifier: BSD-3-Clause
-- Shows clocks by their properties: monotonic, in step with sleeping, CPU
-- time that grows by work, wall time that is plausible.
import Control.Concurrent
import Control.Exception
import Control.Monad
import Data.Time.Clock
import Data.Time.Clock.POSIX
import Data.Time.Clock.System
import GHC.Clock
import System.CPUTime
import System.Posix.Process (elapsedTime, getProcessTimes)
import System.Posix.Time (epochTime)

main :: IO ()
main = do
  ts <- replicateM 1000 getMonotonicTimeNSec
  print (and (zipWith (<=) ts (tail ts)))
  t0 <- getMonotonicTime
  threadDelay 50000
  t1 <- getMonotonicTime
  print (t1 - t0 >= 0.05, t1 - t0 < 5)
  c0 <- getCPUTime
  _ <- evaluate (sum [1 .. 300000 :: Integer])
  c1 <- getCPUTime
  print (c1 > c0, c1 - c0 < 10 ^ (13 :: Int), cpuTimePrecision > 0)
  a <- getCPUTime
  threadDelay 100000
  b <- getCPUTime
  print (b - a < 90 * 10 ^ (9 :: Int))
  u0 <- getCurrentTime
  p0 <- getPOSIXTime
  e <- epochTime
  s <- getSystemTime
  u1 <- getCurrentTime
  print (u0 <= u1, diffUTCTime u1 u0 < 5)
  print (abs (realToFrac e - p0) < 2)
  print (abs (fromIntegral (systemSeconds s) - realToFrac e) < (2 :: Double))
  print (p0 > 1500000000)
  x <- getProcessTimes
  threadDelay 30000
  y <- getProcessTimes
  print (elapsedTime y > elapsedTime x)
