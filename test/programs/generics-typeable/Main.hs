-- SPDX-License-Identifier: BSD-3-Clause
-- Shows GHC.Generics, Typeable, Data.Dynamic, Data.Data and Coercible.
{-# LANGUAGE DeriveDataTypeable, DeriveGeneric, DefaultSignatures, FlexibleContexts, FlexibleInstances, TypeOperators, ScopedTypeVariables, PolyKinds #-}
import Data.Coerce
import Data.Data
import Data.Dynamic
import Data.Functor.Const
import Data.Monoid
import qualified Data.Map as M
import GHC.Generics (Generic, Rep, from, K1 (..), M1 (..), U1 (..), (:*:) (..), (:+:) (..), Constructor, Datatype, Selector, C, S, D, conName, selName, datatypeName)

class Describe a where
  describe :: a -> String
  default describe :: (Generic a, GDescribe (Rep a)) => a -> String
  describe = gdescribe . from
instance Describe Int where describe n = "#" ++ show n
instance Describe Bool
instance Describe a => Describe [a]
instance Describe a => Describe (Maybe a)

class GDescribe f where gdescribe :: f p -> String
instance GDescribe U1 where gdescribe U1 = ""
instance Describe c => GDescribe (K1 i c) where gdescribe (K1 x) = describe x
instance (GDescribe f, GDescribe g) => GDescribe (f :*: g) where gdescribe (a :*: b) = gdescribe a ++ ", " ++ gdescribe b
instance (GDescribe f, GDescribe g) => GDescribe (f :+: g) where
  gdescribe (L1 a) = gdescribe a
  gdescribe (R1 a) = gdescribe a
instance (GDescribe f, Constructor c) => GDescribe (M1 C c f) where gdescribe m@(M1 x) = conName m ++ "(" ++ gdescribe x ++ ")"
instance (GDescribe f, Selector s) => GDescribe (M1 S s f) where gdescribe m@(M1 x) = (if null (selName m) then "" else selName m ++ "=") ++ gdescribe x
instance (GDescribe f, Datatype d) => GDescribe (M1 D d f) where gdescribe m@(M1 x) = datatypeName m ++ "." ++ gdescribe x

data Pet = Cat { lives :: Int, indoor :: Bool } | Dog [Int] deriving (Show, Eq, Data, Generic)
instance Describe Pet
newtype Age = Age Int deriving Show

main :: IO ()
main = do
  mapM_ (putStrLn . describe) [Cat 9 True, Dog [1, 2]]
  print (typeOf (Cat 1 False), typeRep (Proxy :: Proxy (Either Int)), typeOf (Just [M.fromList [('a', ())]]))
  print (typeRep (Proxy :: Proxy (Maybe (IO (Int -> String)))), splitTyConApp (typeOf (Just 'x')))
  print (cast (5 :: Int) :: Maybe Int, cast 'c' :: Maybe Int, eqT :: Maybe (Int :~: Int))
  let ds = [toDyn (1 :: Int), toDyn "two", toDyn (3.0 :: Double), toDyn (succ :: Int -> Int)]
  print ds
  print (map fromDynamic ds :: [Maybe Int], fmap (\d -> fromDyn d (0 :: Int)) (dynApply (ds !! 3) (head ds)))
  print (toConstr (Dog []), dataTypeOf (Dog []), map showConstr (dataTypeConstrs (dataTypeOf (Cat 0 True))), constrFields (toConstr (Cat 0 True)))
  print (gmapT bump (Cat 8 True), gmapQ (const ()) (Cat 1 True), fromConstr (indexConstr (dataTypeOf True) 2) :: Bool)
  print (coerce [Age 1, Age 2] :: [Int], getSum (foldMap (coerce :: Int -> Sum Int) [1, 2, 3]), coerce (Const 'x' :: Const Char Int) :: Char)
 where
  bump :: forall d. Data d => d -> d
  bump d = maybe d id (cast d >>= \(n :: Int) -> cast (n + 1))
