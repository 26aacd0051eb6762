-- SPDX-License-Identifier: BSD-3-Clause
-- Shows GADTs, type families, rank-N types, kinds, classes with dictionaries.
{-# LANGUAGE GADTs, TypeOperators, TypeFamilies, DataKinds, KindSignatures, RankNTypes, StandaloneDeriving, FlexibleInstances, FlexibleContexts, MultiParamTypeClasses, FunctionalDependencies, ScopedTypeVariables, TypeApplications, ConstraintKinds, UndecidableInstances, ExistentialQuantification, PatternSynonyms, ViewPatterns #-}
import Data.Kind
import Data.List (sortBy)
import Data.Proxy
import GHC.TypeLits

data Expr :: Type -> Type where
  I :: Int -> Expr Int
  B :: Bool -> Expr Bool
  Add :: Expr Int -> Expr Int -> Expr Int
  If :: Expr Bool -> Expr a -> Expr a -> Expr a
  Eq :: (Eq a, Show a) => Expr a -> Expr a -> Expr Bool
  Pair :: Expr a -> Expr b -> Expr (a, b)

eval :: Expr a -> a
eval (I n) = n
eval (B b) = b
eval (Add a b) = eval a + eval b
eval (If c t e) = if eval c then eval t else eval e
eval (Eq a b) = eval a == eval b
eval (Pair a b) = (eval a, eval b)

data Nat' = Z | S Nat'
data Vec (n :: Nat') a where
  Nil :: Vec 'Z a
  (:>) :: a -> Vec n a -> Vec ('S n) a
infixr 5 :>
deriving instance Show a => Show (Vec n a)

vhead :: Vec ('S n) a -> a
vhead (x :> _) = x
type family Plus (n :: Nat') (m :: Nat') :: Nat' where
  Plus 'Z m = m
  Plus ('S n) m = 'S (Plus n m)
append :: Vec n a -> Vec m a -> Vec (Plus n m) a
append Nil v = v
append (x :> u) v = x :> append u v

class Container f where
  type Elem f :: Type
  empty :: f
  insert :: Elem f -> f -> f
  toL :: f -> [Elem f]
instance Container [a] where
  type Elem [a] = a
  empty = []
  insert = (:)
  toL = id

class Convert a b | a -> b where convert :: a -> b
instance Convert Int String where convert = show
instance Convert Bool Int where convert = fromEnum

data Showable = forall a. (Show a, Ord a) => MkS [a]
data Some (c :: Type -> Constraint) = forall a. c a => Some a

applyAll :: (forall a. [a] -> Int) -> ([Int], String) -> (Int, Int)
applyAll f (xs, s) = (f xs, f s)

pattern Point :: a -> b -> (a, b)
pattern Point x y = (x, y)

main :: IO ()
main = do
  print (eval (If (Eq (Add (I 2) (I 3)) (I 5)) (Pair (I 1) (B False)) (Pair (I 0) (B True))))
  print (append (1 :> 2 :> Nil) (3 :> Nil :: Vec ('S 'Z) Int), vhead ('x' :> Nil))
  print (toL (insert 'a' (insert 'b' empty) :: String))
  putStrLn (convert (42 :: Int))
  print (convert True + 1)
  mapM_ (\(MkS xs) -> print (maximum xs)) [MkS [1, 3, 2 :: Int], MkS "hello", MkS [[True], []]]
  print (applyAll length ([1, 2, 3], "ab"))
  print (natVal (Proxy :: Proxy (2 + 3)), symbolVal (Proxy @"symbol"), [show' s | s <- [Some (1 :: Int), Some True :: Some Show]])
  let Point p q = Point 'p' 'q'
  print (p, q, sortBy (\(negate -> a) (negate -> b) -> compare a b) [2, 3, 1 :: Int])
 where
  show' :: Some Show -> String
  show' (Some a) = show a
