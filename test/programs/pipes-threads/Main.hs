-- SPDX-License-Identifier: BSD-3-Clause
-- Shows pipes between Haskell threads: blocking reads, big writes, select-like
-- waits, dup, non-blocking handles.
import Control.Concurrent
import Control.Monad
import System.IO
import System.Posix.IO
import System.Posix.Types

main :: IO ()
main = do
  (r, w) <- createPipe
  hr <- fdToHandle r
  hw <- fdToHandle w
  _ <- forkIO $ do
    forM_ [1 .. 20000 :: Int] (hPutStrLn hw . show)
    hClose hw
  s <- hGetContents hr
  print (sum (map read (lines s) :: [Int]))
  (r1, w1) <- createPipe
  done <- newEmptyMVar
  _ <- forkIO (threadWaitRead r1 >> fdRead r1 10 >>= putMVar done)
  threadDelay 10000
  tryReadMVar done >>= print
  _ <- fdWrite w1 "woken"
  takeMVar done >>= print
  threadWaitWrite w1
  d <- dup w1
  _ <- fdWrite d "by the copy"
  fdRead r1 64 >>= print
  e <- dupTo w1 (d + 20)
  print (e == d + 20)
  _ <- fdWrite e "third"
  mapM_ closeFd [d, e, w1]
  fdRead r1 64 >>= print . fst
  h1 <- fdToHandle r1
  hIsEOF h1 >>= print
  (r2, w2) <- createPipe
  setFdOption r2 NonBlockingRead True
  queryFdOption r2 NonBlockingRead >>= print
  queryFdOption w2 CloseOnExec >>= print
  h2 <- fdToHandle r2
  hReady h2 >>= print
  _ <- fdWrite w2 "now"
  hWaitForInput h2 1000 >>= print
  hGetChar h2 >>= print
  -- A ring of pipes, one thread each.
  ps <- replicateM 10 createPipe
  forM_ (zip (map fst ps) (map snd (tail ps))) $ \(i, o) ->
    forkIO (threadWaitRead i >> fdRead i 64 >>= \(t, _) -> void (fdWrite o ('+' : t)))
  _ <- fdWrite (snd (head ps)) "ring"
  threadWaitRead (fst (last ps))
  fdRead (fst (last ps)) 64 >>= print
  print (Fd 1 == stdOutput)
