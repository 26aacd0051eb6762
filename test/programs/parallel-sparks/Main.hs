-- SPDX-License-Identifier: BSD-3-Clause
-- Shows two capabilities at work: sparks, threads on each, shared counters,
-- parallel collections.
import Control.Concurrent
import Control.Concurrent.STM
import Control.Monad
import Data.IORef
import GHC.Conc (par, pseq, numCapabilities, getNumProcessors)
import System.Mem

psum :: Int -> Int -> Integer
psum lo hi
  | hi - lo < 5000 = sum (map fromIntegral [lo .. hi - 1])
  | otherwise = let mid = (lo + hi) `div` 2
                    a = psum lo mid
                    b = psum mid hi
                in a `par` (b `pseq` (a + b))

main :: IO ()
main = do
  n <- getNumCapabilities
  p <- getNumProcessors
  print (n, numCapabilities, p >= 1)
  print (psum 0 200000)
  r <- newIORef (0 :: Int)
  t <- newTVarIO (0 :: Int)
  vs <- forM [0 .. 7] $ \i -> do
    v <- newEmptyMVar
    _ <- forkOn i $ do
      replicateM_ 1000 (atomicModifyIORef' r (\x -> (x + 1, ())))
      replicateM_ 300 (atomically (modifyTVar' t (+ 1)))
      (c, pinned) <- threadCapability =<< myThreadId
      putMVar v (c == i `mod` n, pinned)
    pure v
  xs <- mapM takeMVar vs
  print (and (map fst xs), and (map snd xs))
  readIORef r >>= print
  readTVarIO t >>= print
  performMajorGC
  setNumCapabilities 1
  getNumCapabilities >>= print
  print (psum 0 50000)
