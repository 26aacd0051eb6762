-- SPDX-License-Identifier: BSD-3-Clause
-- Shows what an uncaught exception of each kind prints, and its status.
{-# LANGUAGE ScopedTypeVariables #-}
import Control.Concurrent
import Control.Concurrent.STM
import Control.Exception
import Control.Monad
import Data.Array
import Data.Maybe (fromJust)
import qualified Data.Map as M
import qualified Data.Set as S
import qualified Data.IntMap as I
import qualified Data.Sequence as Q
import qualified Data.ByteString.Char8 as B
import qualified Data.ByteString.Lazy as L
import qualified Data.Text as T
import qualified Data.Text.Lazy as TL
import Data.Array.Unboxed (UArray)
import qualified Data.Array.Unboxed as U
import qualified Data.List.NonEmpty as N
import GHC.Stack
import System.Environment
import System.IO
import System.IO.Error
import Text.Read (readEither)

data Odd = Odd Int | Even { what :: String } deriving Show
instance Exception Odd where displayException (Odd n) = "odd: " ++ show n
                             displayException e = show e

data Shape = Circle { radius :: Int } | Square { side :: Int } deriving Show

class Bare a where missing :: a -> Int
instance Bare Int

deep :: HasCallStack => Int -> Int
deep 0 = error "deep error\nof two lines"
deep n = 1 + deeper (n - 1)

deeper :: HasCallStack => Int -> Int
deeper n = 1 + deep n

partial :: Maybe Int -> Int
partial (Just n) = n

main :: IO ()
main = do
  putStrLn "before"
  [how] <- getArgs
  run how
  putStrLn "after"

run :: String -> IO ()
run "error" = error "plain error"
run "stack" = print (deep 2)
run "no-trace" = errorWithoutStackTrace "no trace"
run "empty" = errorWithoutStackTrace ""
run "unicode" = error "äöü λ 日本 \1048577"
run "undefined" = print (1 + undefined :: Int)
run "user" = ioError (userError "mine")
run "fail" = fail "failed in IO"
run "io" = void (openFile "absent" ReadMode)
run "annotated" = ioError (annotateIOError (userError "x") "here" Nothing
                                           (Just "file.txt"))
run "head" = print (head ([] :: [Int]))
run "index" = print ([1, 2, 3 :: Int] !! 5)
run "negative-index" = print ([1, 2, 3 :: Int] !! negate 1)
run "maximum" = print (maximum ([] :: [Int]))
run "foldr1" = print (foldr1 (+) ([] :: [Int]))
run "from-just" = print (fromJust (Nothing :: Maybe Int))
run "map" = print (M.fromList [(1 :: Int, 'a')] M.! 2)
run "read" = print (read "12x" :: Int)
run "read-either" = either fail print (readEither "" :: Either String Int)
run "succ" = print (succ (maxBound :: Int))
run "enum" = print (toEnum 7 :: Bool)
run "chr" = print (toEnum 0x110000 :: Char)
run "case" = print (case Just 'x' of Nothing -> 'y')
run "function" = print (partial Nothing)
run "lambda" = print ((\(Just x) -> x :: Int) Nothing)
run "let" = let (a, Just b) = (1 :: Int, Nothing :: Maybe Int) in print (a + b)
run "do" = do { Just x <- pure (Nothing :: Maybe Int); print x }
run "guard" = print (let f x | x > (3 :: Int) = 'a' in f 1)
run "field" = print (side (Circle 1))
run "update" = print ((Circle 1) { side = 2 })
run "constructor" = print (what (Even {}))
run "method" = print (missing (1 :: Int))
run "divide" = print (1 `div` (0 :: Int))
run "overflow" = print (minBound `div` (-1 :: Int))
run "exponent" = print (2 ^ (-1 :: Int) :: Integer)
run "ratio" = print (toRational (1 / 0 :: Double) == 0, 1 `mod` (0 :: Integer))
run "array" = print (listArray (0, 3) "abcd" ! 9)
run "array-element" = print (array (0, 1) [(5, 'a')] ! (0 :: Int))
run "assert" = print (assert (1 + 1 == (3 :: Int)) 'x')
run "custom" = throwIO (Odd 3)
run "custom-record" = throw (Even "why")
run "nested" = throwIO (toException (toException (Odd 5)))
run "in-show" = error (show (error "inner" :: Int))
run "in-handler" =
  throwIO (Odd 1) `catch` \(e :: Odd) -> error ("while handling " ++ show e)
run "mvar" = newEmptyMVar >>= takeMVar
run "stm" = atomically (newTVar 'x' >>= \v -> readTVar v >> retry)
run "stm-throw" = atomically (throwSTM (Odd 11))
run "killed" = myThreadId >>= killThread
run "interrupt" = throwIO UserInterrupt
run "stack-overflow" = throwIO StackOverflow
run "heap-overflow" = throwIO HeapOverflow
run "blocked-child" = do
  v <- newEmptyMVar :: IO (MVar ())
  done <- newEmptyMVar
  _ <- forkFinally (takeMVar v) (putMVar done)
  takeMVar done >>= either throwIO pure
run "child" = do
  done <- newEmptyMVar
  _ <- forkIO (error "in a child" `finally` putMVar done ())
  takeMVar done
  threadDelay 100000
run "set" = print (S.findMin (S.empty :: S.Set Int))
run "intmap" = print (I.fromList [(1, 'a')] I.! 2)
run "sequence" = print (Q.index (Q.fromList "abc") 9)
run "bytestring" = print (B.head B.empty)
run "lazy-bytestring" = print (L.last L.empty)
run "text" = print (T.head T.empty)
run "lazy-text" = print (TL.last TL.empty)
run "unboxed-array" = print ((U.listArray (0, 3) [1 ..] :: UArray Int Int) U.! 4)
run "nonempty" = print (N.fromList "")
run other = throwIO (ErrorCall other)
