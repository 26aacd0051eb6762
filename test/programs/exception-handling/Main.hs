-- SPDX-License-Identifier: BSD-3-Clause
-- Shows catch, handlers by type, rethrow, hierarchies, cleanup, laziness.
{-# LANGUAGE ExistentialQuantification, ScopedTypeVariables #-}
import Control.Exception
import Control.Monad
import Data.IORef
import Data.Maybe
import Data.Typeable

data Family = forall e. Exception e => Family e
instance Show Family where show (Family e) = show e
instance Exception Family
data Cousin = Cousin Int deriving (Show, Eq)
instance Exception Cousin where
  toException = toException . Family
  fromException e = fromException e >>= \(Family f) -> cast f

main :: IO ()
main = do
  let handlers = [ Handler (\(e :: ArithException) -> pure ("arith " ++ show e))
                 , Handler (\(e :: Cousin) -> pure ("cousin " ++ show e))
                 , Handler (\(e :: Family) -> pure ("family " ++ show e))
                 , Handler (\(ErrorCallWithLocation m _) -> pure ("error " ++ m))
                 , Handler (\(e :: SomeException) -> pure ("other " ++ show e)) ]
  forM_ [ evaluate (show (1 `div` (0 :: Int))), throwIO (Cousin 1), error "call"
        , throwIO (IndexOutOfBounds "i"), fail "io", evaluate (fromJust Nothing `seq` "")
        , pure "no exception" ] $ \act -> (act `catches` handlers) >>= putStrLn . head . lines
  r <- tryJust (\e -> if e == Cousin 2 then Just 'c' else Nothing) (throwIO (Cousin 2))
  print (r :: Either Char ())
  s <- try (tryJust (\e -> guard (e == Cousin 3)) (throwIO (Cousin 4)))
  print (s :: Either Family (Either () ()))
  trace <- newIORef []
  let note x = modifyIORef trace (x :)
  t <- try (((note "a" >> throwIO (Cousin 5)) `catch` (\(e :: Cousin) -> note "b" >> throwIO e)) `finally` note "c")
  print (t :: Either Cousin ())
  u <- try (bracket_ (note "in") (note "out") (note "body" >> throwIO (userError "u")))
  print (u :: Either IOException ())
  v <- try (bracketOnError (pure 1) (\(_ :: Int) -> note "only on error") pure)
  print (v :: Either SomeException Int)
  readIORef trace >>= print . reverse
  x <- try (pure (undefined :: Int))
  putStrLn (either (\(e :: SomeException) -> "strict " ++ show e) (const "lazy: not forced") x)
  y <- try (evaluate (length [undefined, error "x" :: Int]))
  print (either (\(e :: SomeException) -> show e) show y)
  w <- try (evaluate (mapException (\(e :: ArithException) -> Cousin (fromEnum (e == DivideByZero))) (1 `mod` (0 :: Int))))
  print (either (\(Cousin n) -> n) id w)
  handleJust (\e -> if typeOf (e :: ErrorCall) == typeOf e then Just (show e) else Nothing) putStrLn (throw (ErrorCall "handled"))
  print (asyncExceptionFromException (toException ThreadKilled) == Just ThreadKilled)
  z <- try (throwIO (SomeAsyncException StackOverflow)) :: IO (Either SomeAsyncException ())
  print z
