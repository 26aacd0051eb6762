-- SPDX-License-Identifier: BSD-3-Clause
-- Shows signal handlers: raise, the thread they run in, once, ignore, masks.
import Control.Concurrent
import Control.Exception
import Control.Monad
import System.Posix.Signals

main :: IO ()
main = do
  box <- newEmptyMVar
  _ <- installHandler sigUSR1 (Catch (putMVar box "USR1")) Nothing
  raiseSignal sigUSR1
  takeMVar box >>= putStrLn
  forM_ [1 .. 5 :: Int] $ \i -> do
    raiseSignal sigUSR1
    s <- takeMVar box
    print (i, s)
  old <- installHandler sigUSR2 (CatchOnce (putMVar box "USR2 once")) Nothing
  putStrLn (name old)
  raiseSignal sigUSR2
  takeMVar box >>= putStrLn
  again <- installHandler sigUSR2 Ignore Nothing
  putStrLn (name again)
  raiseSignal sigUSR2
  putStrLn "ignored"
  _ <- installHandler sigTERM (CatchInfo (\i -> putMVar box (show (siginfoSignal i == sigTERM)))) Nothing
  raiseSignal sigTERM
  takeMVar box >>= putStrLn
  -- Blocked signals wait.
  blockSignals (addSignal sigUSR1 emptySignalSet)
  raiseSignal sigUSR1
  pending <- getPendingSignals
  print (inSignalSet sigUSR1 pending)
  tryTakeMVar box >>= print
  unblockSignals (addSignal sigUSR1 emptySignalSet)
  takeMVar box >>= putStrLn
  -- A handler that throws to the main thread.
  me <- myThreadId
  _ <- installHandler sigHUP (Catch (throwTo me (userError "from the handler"))) Nothing
  r <- try (raiseSignal sigHUP >> threadDelay 5000000)
  print (r :: Either IOException ())
  s <- getSignalMask
  print (inSignalSet sigUSR1 s, inSignalSet sigINT (deleteSignal sigINT fullSignalSet))
  print (fmap fromEnum [sigINT, sigTERM, sigKILL, sigSEGV, sigPIPE, sigCHLD])
 where
  name h = case h of
    Default -> "default"
    Ignore -> "ignore"
    Catch _ -> "catch"
    CatchOnce _ -> "once"
    _ -> "other"
