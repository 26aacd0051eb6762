-- SPDX-License-Identifier: BSD-3-Clause
-- Shows bound threads: forkOS, runInBoundThread, thread-local C state.
import Control.Concurrent
import Control.Exception
import Control.Monad
import Foreign.C

foreign import ccall unsafe "tls_bump" tlsBump :: CInt -> IO CInt

main :: IO ()
main = do
  r <- try osThreads :: IO (Either IOException ())
  putStrLn (either (const "no bound threads in this RTS") (const "bound threads work") r)
  isCurrentThreadBound >>= print
  runInUnboundThread isCurrentThreadBound >>= print
  -- The C side sees as many values as there are OS threads at work.
  replicateM 3 (tlsBump 1) >>= print

osThreads :: IO ()
osThreads
  | not rtsSupportsBoundThreads = ioError (userError "vanilla")
  | otherwise = do
      vs <- forM [1 .. 4 :: CInt] $ \i -> do
        v <- newEmptyMVar
        _ <- forkOS $ do
          b <- isCurrentThreadBound
          xs <- replicateM 3 (yield >> tlsBump (10 * i))
          putMVar v (b, xs)
        pure v
      rs <- mapM takeMVar vs
      unless (rs == [(True, [10 * i, 20 * i, 30 * i]) | i <- [1 .. 4]]) $
        putStrLn ("wrong: " ++ show rs)
      s <- runInBoundThread (tlsBump 100)
      unless (s == 100) $ putStrLn ("main's state was touched: " ++ show s)
      _ <- tlsBump (-100)
      pure ()
