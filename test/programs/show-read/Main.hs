-- SPDX-License-Identifier: BSD-3-Clause
-- Shows derived Show and Read: records, infix, negative, nested, lists, text.
import qualified Data.Map as M
import Text.Read

data Op = Int :+: Int | Op :*: Op | Neg { operand :: Op } | Lit Int deriving (Show, Read, Eq, Ord)
infixl 6 :+:
infixl 7 :*:
data Rec a = Rec { field1 :: a, (<+>) :: Maybe a, field' :: [Rec a] } deriving (Show, Read, Eq)
newtype N = N { unN :: Double } deriving (Show, Read, Eq, Ord)
data Colour = Red | Green | Blue deriving (Show, Read, Eq, Ord, Enum, Bounded)

main :: IO ()
main = do
  let e = (1 :+: (-2)) :*: Neg (Lit (-3))
  print e
  print (read (show e) == e)
  let r = Rec (-1.5) (Just 2) [Rec 0 Nothing []]
  print r
  print (read (show r) == (r :: Rec Double))
  print (Just (Left (N (-0.5), 'x', "q\"\1234\n5\SOH")) :: Maybe (Either (N, Char, String) ()))
  print ([minBound ..] :: [Colour], read "[Red,Blue , Green]" :: [Colour])
  print (readMaybe "Purple" :: Maybe Colour, readMaybe " ( Green ) " :: Maybe Colour)
  print (readEither "1 2" :: Either String Int, readEither "" :: Either String Int)
  print (reads "12 rest" :: [(Int, String)], reads "zz" :: [(Int, String)])
  print (read "( 1 , \"two\" , 'c' , [ ( ) ] )" :: (Int, String, Char, [()]))
  print (M.fromList [(Red, 1), (Blue, 2 :: Int)], read "fromList [(Green,3)]" :: M.Map Colour Int)
  print (showsPrec 11 (-5 :: Int) "", show [Just (-1)], showString "a" . showParen True (shows 'b') $ "c")
  print (lex " hello(world", lex "0x1F+3", lex "\"str\\\"ing\" x", lex "'c' y", lex "<=> z")
  print (show "\SO\&H\200\&1", "\1234\&5", '\'', '"', "'")
  print (succ Red, pred Blue, [Red ..], fromEnum Blue, compare (N 1) (N 2), unN (N 3))
  print (fmap (+ 1) (readMaybe "0b101" :: Maybe Int), readMaybe "1e3" :: Maybe Double, readMaybe ".5" :: Maybe Double)
