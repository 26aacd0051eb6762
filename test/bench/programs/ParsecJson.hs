-- SPDX-License-Identifier: BSD-3-Clause
-- Parsec: a large JSON document rendered and parsed.
module Main (main) where

import System.Environment (getArgs)
import Data.List (intercalate)
import Text.Parsec
import Text.Parsec.String

data Json = Null | Bool Bool | Num Int | Str String | Arr [Json] | Obj [(String, Json)] deriving Eq

lexeme :: Parser a -> Parser a
lexeme p = p <* spaces

json :: Parser Json
json = lexeme (choice
  [ Null <$ try (string "null"), Bool True <$ try (string "true"), Bool False <$ string "false"
  , Num . read <$> many1 digit, Str <$> str
  , Arr <$> between (lexeme (char '[')) (char ']') (json `sepBy` lexeme (char ','))
  , Obj <$> between (lexeme (char '{')) (char '}') (pair `sepBy` lexeme (char ',')) ])
 where
  pair = (,) <$> lexeme str <* lexeme (char ':') <*> json
  str = between (char '"') (char '"') (many (noneOf "\"\\" <|> (char '\\' *> anyChar)))

render :: Json -> String
render j = case j of
  Null -> "null"
  Bool b -> if b then "true" else "false"
  Num n -> show n
  Str s -> show s
  Arr xs -> "[" ++ intercalate ", " (map render xs) ++ "]"
  Obj ps -> "{" ++ intercalate ", " [show k ++ ": " ++ render v | (k, v) <- ps] ++ "}"

document :: Int -> Json
document n = Arr
  [ Obj [("id", Num i), ("name", Str ("item " ++ show i)), ("ok", Bool (even i)), ("tags", Arr (replicate (i `mod` 5) (Str "tag"))), ("none", Null)]
  | i <- [1 .. n] ]

main :: IO ()
main = do
  [size] <- map read <$> getArgs
  let d = document size
      s = render d
  print (length s)
  either print (print . (== d)) (parse (json <* eof) "" s)
