-- SPDX-License-Identifier: BSD-3-Clause
-- Shows mtl and transformers: a stack of state, reader, writer, errors,
-- continuations and lists.
{-# LANGUAGE FlexibleContexts, GeneralizedNewtypeDeriving #-}
import Control.Monad.Cont
import Control.Monad.Except
import Control.Monad.RWS
import Control.Monad.Reader
import Control.Monad.State
import Control.Monad.Trans.Maybe
import Control.Monad.Writer
import qualified Control.Monad.Trans.Accum as A
import qualified Control.Monad.Trans.Select as S
import Data.Functor.Identity

newtype App a = App { unApp :: ReaderT Int (StateT [String] (ExceptT String IO)) a }
  deriving (Functor, Applicative, Monad, MonadIO, MonadReader Int, MonadState [String], MonadError String)

step :: Int -> App Int
step n = do
  limit <- ask
  modify (("step " ++ show n) :)
  when (n > limit) (throwError ("beyond " ++ show limit))
  liftIO (putStrLn ("doing " ++ show n))
  pure (n * 2)

runApp :: App a -> Int -> IO (Either String (a, [String]))
runApp a r = runExceptT (runStateT (runReaderT (unApp a) r) [])

collatz :: Int -> Writer [Int] Int
collatz 1 = tell [1] >> pure 0
collatz n = tell [n] >> (+ 1) <$> collatz (if even n then n `div` 2 else 3 * n + 1)

main :: IO ()
main = do
  runApp (step 1 >>= step >>= step) 10 >>= print
  runApp (mapM step [9, 10, 11, 12]) 10 >>= print
  runApp ((step 99 `catchError` \e -> liftIO (putStrLn ("caught " ++ e)) >> pure 0) >>= \x -> local (+ 100) (step (x + 50))) 10 >>= print
  print (runWriter (collatz 6))
  print (runRWS (do { x <- ask; tell [x]; modify (+ x); s <- get; tell [s]; pure (s * 2) }) 5 (7 :: Int))
  print (runIdentity (runMaybeT (msum [MaybeT (pure Nothing), pure 'b', undefined])))
  print (runCont (callCC (\k -> mapM_ (\x -> when (x * x > 50) (k x)) [1 ..] >> pure 0)) show)
  print (evalState (traverse (\c -> state (\n -> ((n, c), n + 1))) "abc") (0 :: Int))
  print (runStateT (do { x <- lift [1, 2, 3]; s <- get; guard (x > s); put x; pure (x * 10) }) (1 :: Int))
  print (execState (forM_ [1 .. 1000] (\i -> modify' (+ i))) (0 :: Integer))
  print (runWriter (censor (map negate) (listen (tell [1, 2 :: Int] >> pure 'x'))))
  print (A.runAccum (A.add "a" >> A.look >>= \w -> A.add w >> pure (length w)) "start")
  print (S.runSelect (S.select (\f -> if f True == 'y' then True else False)) (\b -> if b then 'y' else 'n'))
  r <- flip runContT pure (do { x <- ContT (\k -> k 1 >> k (2 :: Int)); liftIO (print x); pure x })
  print r
