-- SPDX-License-Identifier: BSD-3-Clause
-- Shows parsec: a JSON reader and printer, positions, error messages, state.
import Data.Char (chr)
import Data.Functor.Identity
import Data.List (intercalate)
import Numeric (readHex)
import Text.Parsec
import Text.Parsec.Expr
import qualified Text.Parsec.Token as T
import Text.Parsec.Language (haskellDef)

data Json = Null | Bool Bool | Num Double | Str String | Arr [Json] | Obj [(String, Json)] deriving (Eq, Show)

json :: Parsec String Int Json
json = spaces *> value <* eof
 where
  lexeme :: Parsec String Int a -> Parsec String Int a
  lexeme p = p <* spaces
  value = modifyState (+ 1) *> lexeme (choice
    [ Null <$ try (string "null"), Bool True <$ try (string "true"), Bool False <$ try (string "false")
    , Num <$> number, Str <$> str
    , Arr <$> between (lexeme (char '[')) (char ']') (value `sepBy` lexeme (char ','))
    , Obj <$> between (lexeme (char '{')) (char '}') (pair `sepBy` lexeme (char ',')) ] <?> "a value")
  pair = (,) <$> (lexeme str <?> "a key") <* lexeme (char ':') <*> value
  str :: Parsec String Int String
  str = between (char '"') (char '"') (many piece) <?> "a string"
  piece = noneOf "\"\\" <|> (char '\\' *> escape)
  escape :: Parsec String Int Char
  escape = choice [ '\n' <$ char 'n', '\t' <$ char 't', oneOf "\"\\/"
                  , chr . fst . head . readHex <$> (char 'u' *> count 4 hexDigit) ]
  number :: Parsec String Int Double
  number = do
    s <- option "" (string "-")
    i <- many1 digit
    f <- option "" ((:) <$> char '.' <*> many1 digit)
    pure (read (s ++ i ++ f))

render :: Json -> String
render Null = "null"
render (Bool b) = if b then "true" else "false"
render (Num n) = show n
render (Str s) = show s
render (Arr xs) = "[" ++ intercalate "," (map render xs) ++ "]"
render (Obj ps) = "{" ++ intercalate "," [show k ++ ":" ++ render v | (k, v) <- ps] ++ "}"

calc :: ParsecT String () Identity Integer
calc = buildExpressionParser
  [ [Prefix (negate <$ T.reservedOp lexer "-")]
  , [Infix ((*) <$ T.reservedOp lexer "*") AssocLeft]
  , [Infix ((+) <$ T.reservedOp lexer "+") AssocLeft, Infix ((-) <$ T.reservedOp lexer "-") AssocLeft] ]
  (T.parens lexer calc <|> T.natural lexer)
 where lexer = T.makeTokenParser haskellDef

main :: IO ()
main = do
  mapM_ go [ "{\"a\": [1, -2.5, true, null], \"b\": {\"c\": \"x\\n\\u03bb\"}}", "[]", " [ [ ] , { } ] "
           , "[1, 2", "{\"a\" 1}", "[1,,2]", "\"open", "nul", "[1]\n\n  ]", "" ]
  print (runParser json 0 "many" (render big) == Right big)
  print (parse calc "" "1 + 2 * (3 - -4) {- comment -} * 0x10", parse calc "calc" "1 +\n * 2")
 where
  go s = either print (putStrLn . render) (runParser json 0 "input" s)
  big = Arr [Obj [("key" ++ show i, Arr [Num (fromIntegral j) | j <- [1 .. i]])] | i <- [1 .. 30 :: Int]]
