-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the collector: performGC, a large live heap, pinned memory, memory
-- given back, statistics by their properties.
import Control.Exception
import Control.Monad
import qualified Data.ByteString as B
import Data.IORef
import qualified Data.Map.Strict as M
import GHC.Stats
import System.Mem

main :: IO ()
main = do
  let m = M.fromList [(i, replicate 3 i) | i <- [1 .. 20000 :: Int]]
  _ <- evaluate (sum (map sum (M.elems m)))
  performMinorGC
  performGC
  performMajorGC
  print (M.size m, sum (map length (M.elems m)))
  bs <- forM [1 .. 200] (\i -> evaluate (B.replicate (i * 100) (fromIntegral i)))
  performMajorGC
  print (sum (map B.length bs), all (\b -> B.head b == B.last b) bs)
  r <- newIORef (0 :: Int)
  forM_ [1 .. 200000] (\i -> modifyIORef r (+ i))
  readIORef r >>= print
  on <- getRTSStatsEnabled
  print on
  s <- getRTSStats
  performMajorGC
  t <- getRTSStats
  print (gcs t > gcs s, major_gcs t > major_gcs s, allocated_bytes t >= allocated_bytes s)
  print (max_live_bytes t > 1000000, copied_bytes t > 0, max_mem_in_use_bytes t > 2000000)
  print (gcdetails_live_bytes (gc t) > 500000, cpu_ns t > 0, elapsed_ns t > 0)
  c <- getAllocationCounter
  _ <- evaluate (length (show (product [1 .. 300 :: Integer])))
  d <- getAllocationCounter
  print (c > d)
  setAllocationCounter 100000
  enableAllocationLimit
  x <- try (evaluate (length (show (product [1 .. 3000 :: Integer]))))
  disableAllocationLimit
  print (x :: Either AllocationLimitExceeded Int)
  print (M.foldl' (\a xs -> a + length xs) 0 m)
