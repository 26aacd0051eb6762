-- SPDX-License-Identifier: BSD-3-Clause
-- Shows System.Timeout: expiry, success, nesting, inside pure work and waits.
import Control.Concurrent
import Control.Exception
import Data.IORef
import System.Timeout

main :: IO ()
main = do
  timeout 20000 (threadDelay 10000000) >>= print
  timeout 10000000 (pure 'x') >>= print
  timeout 0 (pure 'x') >>= print
  timeout (-1) (pure 'x') >>= print
  timeout 20000 (newEmptyMVar >>= \v -> takeMVar (v :: MVar ())) >>= print
  r <- timeout 10000000 (timeout 20000 (threadDelay 10000000))
  print r
  s <- timeout 20000 (timeout 10000000 (threadDelay 10000000))
  print s
  t <- timeout 50000 (evaluate (length (collatz 1 [])))
  print t
  log_ <- newIORef []
  let note x = modifyIORef log_ (x :)
  _ <- timeout 20000 ((threadDelay 10000000 `catch` \e ->
         note (show (e :: SomeException)) >> throwIO e) `finally` note "finally")
  readIORef log_ >>= mapM_ putStrLn . reverse
  u <- timeout 5000000 (mask_ (threadDelay 1000 >> pure "masked"))
  print u
  v <- try (timeout 10000000 (ioError (userError "inner")))
  print (v :: Either IOException (Maybe ()))
 where
  -- Never ends, and allocates, so that it can be interrupted.
  collatz :: Integer -> [Integer] -> [Integer]
  collatz n acc = if n < 0 then acc else collatz (n + 1) [n]
