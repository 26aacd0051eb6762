-- SPDX-License-Identifier: BSD-3-Clause
-- Shows recursion a million deep: foldr, mutual recursion, show, monads.
import qualified Data.Map as M
import Control.Monad.State

isEven, isOdd :: Int -> Bool
isEven 0 = True
isEven n = not (isOdd (n - 1)) || False
isOdd 0 = True
isOdd n = not (isEven (n - 1)) || False

data Nat = Z | S Nat

fromInt :: Int -> Nat
fromInt 0 = Z
fromInt n = S (fromInt (n - 1))

toInt :: Nat -> Int
toInt Z = 0
toInt (S n) = 1 + toInt n

main :: IO ()
main = do
  print (foldr (\x acc -> x + acc) 0 [1 .. 1000000 :: Integer])
  print (isEven 300001, isEven 300002)
  print (toInt (fromInt 500000))
  xs <- mapM (pure . (* 2)) [1 .. 200000 :: Int]
  print (sum xs)
  print (execState (mapM_ (\x -> modify (+ x)) [1 .. 100000 :: Int]) 0)
  let m = M.fromList [(i, i + 1) | i <- [0 .. 50000 :: Int]]
      chase k = maybe k (\v -> max v (chase v)) (M.lookup k m)
  print (chase 0)
  print (length (show (foldr (\x s -> "(" ++ show x ++ s ++ ")") ""
                             [1 .. 1000 :: Int])))
