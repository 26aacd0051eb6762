-- SPDX-License-Identifier: BSD-3-Clause
-- Shows ten thousand threads at once, in a tree, a ring and a crowd.
import Control.Concurrent
import Control.Monad
import Data.IORef

tree :: Int -> IO Int
tree 0 = pure 1
tree n = do
  l <- newEmptyMVar
  r <- newEmptyMVar
  _ <- forkIO (tree (n - 1) >>= putMVar l)
  _ <- forkIO (tree (n - 1) >>= putMVar r)
  (+) <$> takeMVar l <*> takeMVar r

main :: IO ()
main = do
  tree 11 >>= print
  first <- newEmptyMVar
  let link v = do
        w <- newEmptyMVar
        _ <- forkIO (takeMVar v >>= putMVar w . (+ 1))
        pure w
  end <- foldM (\v _ -> link v) first [1 .. 5000 :: Int]
  putMVar first (0 :: Int)
  takeMVar end >>= print
  gate <- newEmptyMVar
  total <- newIORef (0 :: Int)
  ends <- forM [1 .. 10000] $ \i -> do
    e <- newEmptyMVar
    _ <- forkIO $ do
      readMVar gate
      atomicModifyIORef' total (\t -> (t + i, ()))
      putMVar e ()
    pure e
  putMVar gate ()
  mapM_ takeMVar ends
  readIORef total >>= print
