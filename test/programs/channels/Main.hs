-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Chan, QSem, QSemN, dupChan, lazy getChanContents and a pipeline.
import Control.Concurrent
import Control.Monad
import Data.IORef

main :: IO ()
main = do
  c <- newChan
  _ <- forkIO (mapM_ (writeChan c) [1 .. 500 :: Int])
  xs <- getChanContents c
  print (sum (take 500 xs))
  d <- newChan
  e <- dupChan d
  writeList2Chan d "broadcast"
  replicateM 9 (readChan d) >>= putStrLn
  replicateM 9 (readChan e) >>= putStrLn
  stages <- replicateM 6 newChan
  forM_ (zip stages (tail stages)) $ \(i, o) ->
    forkIO (forever (readChan i >>= writeChan o . (* 2)))
  writeList2Chan (head stages) [1 .. 10 :: Integer]
  replicateM 10 (readChan (last stages)) >>= print
  sem <- newQSem 3
  busy <- newIORef (0 :: Int)
  most <- newIORef 0
  ends <- replicateM 12 newEmptyMVar
  forM_ ends $ \end -> forkIO $ do
    waitQSem sem
    n <- atomicModifyIORef' busy (\x -> (x + 1, x + 1))
    atomicModifyIORef' most (\m -> (max m n, ()))
    threadDelay 20000
    atomicModifyIORef' busy (\x -> (x - 1, ()))
    signalQSem sem
    putMVar end ()
  mapM_ takeMVar ends
  readIORef most >>= print
  k <- newQSemN 0
  _ <- forkIO (replicateM_ 5 (signalQSemN k 2))
  waitQSemN k 10
  putStrLn "ten units taken"
