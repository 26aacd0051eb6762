-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the debug RTS with its sanity checks over collections, threads and
-- foreign calls.
import Control.Concurrent
import Control.Monad
import qualified Data.Map.Strict as M
import System.Mem

main :: IO ()
main = do
  let m = M.fromList [(i, show i) | i <- [1 .. 3000 :: Int]]
  vs <- forM [1 .. 10] $ \i -> do
    v <- newEmptyMVar
    _ <- forkIO (putMVar v $! sum (map length (M.elems (M.filterWithKey (\k _ -> k `mod` i == 0) m))))
    pure v
  performMajorGC
  mapM takeMVar vs >>= print
  performMajorGC
  print (M.size m)
