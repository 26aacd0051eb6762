-- SPDX-License-Identifier: BSD-3-Clause
-- What programs do with sockets on one machine. Ports and the like aren't said,
-- so it says the same on every network.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString.Char8 as B
import Data.IORef
import System.IO
import System.Mem
import System.Timeout

import Net

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  forM_ [("4", local4, any4), ("6", local6, any6)] $ \(v, here, anywhere) -> do
    section ("echo " ++ v) (echo here)
    section ("addresses " ++ v) (addresses here anywhere)
    section ("datagrams " ++ v) (datagrams here)
  section "both families" families
  section "many" (many' 40)
  section "large" large
  section "refusals" refusals
  section "reuse" reuse
  section "half" half
  section "peek" peekBytes
  section "closing" closing
  section "waiting" waiting
  section "blocking" blockingCalls
  section "queue" queue
  section "options" options
  section "connected datagrams" connected
  section "garbage" garbage
  putStrLn "== end"

section :: String -> IO () -> IO ()
section s act = do
  putStrLn ("== " ++ s)
  r <- timeout 20000000 act
  when (r == Nothing) (putStrLn "took too long")

say :: Show a => String -> a -> IO ()
say what x = putStrLn (what ++ ": " ++ show x)

server :: Address -> IO (Socket, Address)
server a = do
  s <- new a TCP
  setOption s 1 2 1
  bind s a
  listen s 16
  n <- name s
  return (s, withPort a (portOf n))

client :: Address -> IO Socket
client a = do
  c <- new a TCP
  connect c a `onException` close c
  return c

pair :: IO (Socket, Socket)
pair = do
  (s, a) <- server local4
  c <- client a
  (d, _) <- accept s
  close s
  return (c, d)

fork :: IO a -> IO (MVar (Either SomeException a))
fork act = do
  v <- newEmptyMVar
  _ <- forkFinally act (putMVar v)
  return v

join' :: MVar (Either SomeException a) -> IO a
join' v = takeMVar v >>= either throwIO return

echo :: Address -> IO ()
echo here = do
  (s, a) <- server here
  t <- fork $ do
    (c, from) <- accept s
    p <- peer c
    say "from its peer" (from == p)
    b <- recv c 100
    sendAll c (B.reverse b)
    recvAll c >>= say "rest"
    close c
  c <- client a
  sendAll c (B.pack "stressed")
  recv c 100 >>= say "answer"
  sendAll c (B.pack "bye")
  close c
  join' t
  close s

addresses :: Address -> Address -> IO ()
addresses here anywhere = do
  (s, a) <- server anywhere
  c <- client (withPort here (portOf a))
  (d, from) <- accept s
  n <- name c
  say "client is known" (from == n)
  p <- peer c
  say "server is known" (p == withPort here (portOf a))
  m <- name d
  say "same port" (portOf m == portOf a, m == p)
  mapM_ close [s, c, d]
  u <- new here TCP
  name u >>= say "none" . (== withPort anywhere 0)
  tryErrno (peer u) >>= say "no peer" . fmap (const ())
  close u

datagrams :: Address -> IO ()
datagrams here = do
  a <- new here UDP
  b <- new here UDP
  bind a here
  bind b here
  toA <- name a
  toB <- name b
  sendTo b (B.pack "ping") toA
  (x, from) <- recvFrom a 100
  say "got" (x, from == toB)
  sendTo a (B.pack "pong") from
  recvFrom b 100 >>= say "got" . fst
  sendTo b B.empty toA
  recvFrom a 100 >>= say "empty" . fst
  sendTo b (B.pack "a long one") toA
  recvFrom a 6 >>= say "cut" . fst
  forM_ [1 .. 20 :: Int] $ \i -> sendTo b (B.pack (show i)) toA
  replicateM 20 (fst <$> recvFrom a 10) >>= say "in order" . B.unwords
  sendTo b (B.replicate 60000 'x') toA
  recvFrom a 65536 >>= say "big" . B.length . fst
  tryErrno (sendTo b (B.replicate 66000 'x') toA) >>= say "too big"
  mapM_ close [a, b]

-- A socket of IPv6 that is bound to no host takes IPv4's, too.
families :: IO ()
families = do
  s <- new any6 TCP
  setOption s 41 26 0
  bind s any6
  listen s 5
  p <- portOf <$> name s
  c <- client (withPort local4 p)
  (d, from) <- accept s
  case from of
    Address6 _ h -> say "mapped" (drop 10 h)
    Address4 _ h -> say "not mapped" h
  mapM_ close [c, d, s]
  o <- new any6 TCP
  setOption o 41 26 1
  bind o any6
  listen o 5
  q <- portOf <$> name o
  r <- tryErrno (client (withPort local4 q) >>= close)
  say "only 6" r
  close o

many' :: Int -> IO ()
many' n = do
  (s, a) <- server local4
  srv <- fork $ do
    ts <- replicateM n $ do
      (c, _) <- accept s
      fork (serve c `finally` close c)
    mapM_ join' ts
  sums <- newIORef (0 :: Int)
  cs <- forM [1 .. n] $ \i -> fork $ do
    c <- client a
    forM_ [1 .. 10 :: Int] $ \k -> do
      let line = B.pack (show (i * k)) <> B.pack "\n"
      sendAll c line
      b <- readLine c
      when (b <> B.pack "\n" == line) $
        atomicModifyIORef' sums (\x -> (x + i * k, ()))
    close c
  mapM_ join' cs
  join' srv
  readIORef sums >>= say "sum"
  close s
  where
    serve c = do
      b <- recv c 1024
      unless (B.null b) (sendAll c b >> serve c)
    readLine c = go B.empty
      where
        go acc | B.pack "\n" `B.isSuffixOf` acc = return (B.init acc)
               | otherwise = do
                   b <- recv c 100
                   if B.null b then return acc else go (acc <> b)

-- More than the buffers take, to one who reads late and slowly.
large :: IO ()
large = do
  (s, a) <- server local4
  setOption s 1 8 8192
  c <- client a
  (d, _) <- accept s
  sent <- newIORef False
  let total = 400000
  t <- fork $ do
    sendAll c (B.concat (replicate (total `div` 10) (B.pack "0123456789")))
    writeIORef sent True
    shutdown c shutWrite
  threadDelay 50000
  readIORef sent >>= say "all sent at once"
  b <- recvAll d
  join' t
  say "came"
    (B.length b, B.foldl' (\h x -> (h * 33 + fromEnum x) `mod` 65521) 5 b)
  mapM_ close [c, d, s]

refusals :: IO ()
refusals = do
  (s, a) <- server local4
  close s
  tryErrno (client a) >>= say "nobody there" . fmap (const ())
  (s', a') <- server local4
  t <- new a' TCP
  tryErrno (bind t a') >>= say "in use"
  bind t local4
  tryErrno (bind t local4) >>= say "bound twice"
  tryErrno (send t (B.pack "x")) >>= say "not connected"
  tryErrno (recv t 1) >>= say "not connected"
  tryErrno (accept t) >>= say "doesn't listen" . fmap (const ())
  tryErrno (acceptNow s') >>= say "nobody waits" . fmap (const ())
  tryErrno (shutdown t shutWrite) >>= say "nothing to end"
  tryErrno (bind t local6) >>= say "other family" . either (const "no") show
  u <- new local4 UDP
  tryErrno (listen u 1) >>= say "datagrams don't listen"
  tryErrno (send u (B.pack "x")) >>= say "to nobody"
  mapM_ close [s', t, u]

reuse :: IO ()
reuse = do
  (s, a) <- server local4
  c <- client a
  (d, _) <- accept s
  close s
  t <- new local4 TCP
  tryErrno (bind t a) >>= say "without"
  setOption t 1 2 1
  tryErrno (bind t a) >>= say "with"
  listen t 5
  e <- client a
  (f, _) <- accept t
  sendAll e (B.pack "again")
  recv f 10 >>= say "works"
  mapM_ close [c, d, t, e, f]

half :: IO ()
half = do
  (c, d) <- pair
  sendAll c (B.pack "question")
  shutdown c shutWrite
  recvAll d >>= say "asked"
  sendAll d (B.pack "answer")
  close d
  recvAll c >>= say "answered"
  tryErrno (send c (B.pack "x")) >>= say "after the end"
  close c

peekBytes :: IO ()
peekBytes = do
  (c, d) <- pair
  sendAll c (B.pack "look")
  recvWith 2 d 2 >>= say "peeked"
  recv d 10 >>= say "taken"
  mapM_ close [c, d]

closing :: IO ()
closing = do
  (c, d) <- pair
  t <- fork (recv d 10)
  threadDelay 10000
  close c
  join' t >>= say "waited for the end"
  close d
  (e, f) <- pair
  sendAll e (B.pack "never read")
  threadDelay 10000
  close f
  threadDelay 10000
  tryErrno (recv e 10) >>= say "reset"
  close e
  (g, h) <- pair
  w <- fork (tryErrno (sendAll g (B.replicate 20000000 'x')))
  threadDelay 30000
  close h
  join' w >>= say "writer is told" . either (`elem` [32, 104]) (const False)
  close g

-- Who waits doesn't stop the others, and can be stopped.
waiting :: IO ()
waiting = do
  (s, _) <- server local4
  (c, d) <- pair
  ticks <- newIORef (0 :: Int)
  ticker <- forkIO $ forever $ threadDelay 1000 >> modifyIORef' ticks (+ 1)
  a <- fork (accept s)
  r <- timeout 100000 (recv d 10)
  say "nothing came" r
  n <- readIORef ticks
  say "others ran" (n > 5)
  sendAll c (B.pack "later")
  recv d 10 >>= say "came"
  t <- forkIO (void (recv d 10))
  threadDelay 10000
  killThread t
  putStrLn "killed"
  killThread ticker
  mapM_ close [c, d, s]
  x <- takeMVar a
  say "waited for what was closed" (either (const True) (const False) x)

-- Calls that block in C. Without threads nobody else would run meanwhile, so
-- what they wait for has come before, or comes by the clock.
blockingCalls :: IO ()
blockingCalls = do
  (c, d) <- pair
  blocking d True
  sendAll c (B.pack "there")
  recv d 10 >>= say "blocking read"
  when rtsSupportsBoundThreads $ void $ forkIO $
    threadDelay 20000 >> sendAll c (B.pack "late")
  unless rtsSupportsBoundThreads $ sendAll c (B.pack "late")
  recv d 10 >>= say "blocking read"
  mapM_ close [c, d]

-- More come than may wait, and all are served.
queue :: IO ()
queue = do
  s <- new local4 TCP
  bind s local4
  listen s 1
  a <- name s
  cs <- forM [1 .. 6 :: Int] $ \i -> fork $ do
    c <- client a
    sendAll c (B.pack (show i))
    b <- recv c 10
    close c
    return b
  threadDelay 20000
  forM_ [1 .. 6 :: Int] $ \_ -> do
    (d, _) <- accept s
    b <- recv d 10
    sendAll d b
    close d
  rs <- mapM join' cs
  say "served" (B.concat rs)
  close s

options :: IO ()
options = do
  t <- new local4 TCP
  getOption t 1 3 >>= say "type"
  getOption t 1 2 >>= say "reuse"
  setOption t 1 2 1
  getOption t 1 2 >>= say "reuse"
  setOption t 6 1 1
  getOption t 6 1 >>= say "no delay"
  setOption t 1 9 1
  getOption t 1 9 >>= say "keep alive"
  getOption t 1 30 >>= say "listens"
  bind t local4 >> listen t 1
  getOption t 1 30 >>= say "listens"
  tryErrno (setOption t 6 9999 1) >>= say "no such option"
  close t
  u <- new local4 UDP
  getOption u 1 3 >>= say "type"
  getOption u 1 38 >>= say "protocol"
  close u

connected :: IO ()
connected = do
  a <- new local4 UDP
  b <- new local4 UDP
  c <- new local4 UDP
  mapM_ (`bind` local4) [a, b, c]
  toA <- name a
  toB <- name b
  connect a toB
  sendTo c (B.pack "stranger") toA
  sendTo b (B.pack "friend") toA
  recv a 100 >>= say "hears"
  _ <- send a (B.pack "hello")
  recvFrom b 100 >>= say "sends" . fst
  close b
  _ <- send a (B.pack "anybody?")
  threadDelay 10000
  tryErrno (recv a 10) >>= say "nobody"
  mapM_ close [a, c]

garbage :: IO ()
garbage = do
  (c, d) <- pair
  forM_ [1 .. 50 :: Int] $ \i -> do
    sendAll c (B.replicate 1000 'x')
    performMinorGC
    when (i `mod` 10 == 0) performMajorGC
    n <- sum <$> evaluate [1 .. 1000 :: Int]
    when (n < 0) (putStrLn "never")
    go d 1000
  putStrLn "all there"
  mapM_ close [c, d]
  where
    go _ 0 = return ()
    go d n = recv d n >>= \b -> go d (n - B.length b)
