-- SPDX-License-Identifier: BSD-3-Clause
-- Shows ReadP and ReadPrec: an expression parser, ambiguity, greedy choice.
import Control.Applicative hiding (many, optional)
import Data.Char
import Text.ParserCombinators.ReadP
import qualified Text.ParserCombinators.ReadPrec as P
import qualified Text.Read.Lex as L

data Expr = Num Integer | Var String | Bin Char Expr Expr deriving Show

expr, term, factor :: ReadP Expr
expr = chainl1 term (op "+-")
term = chainl1 factor (op "*/")
factor = chainr1 atom (op "^")
 where atom = tok (Num . read <$> munch1 isDigit) <++ tok (Var <$> munch1 isAlpha)
              <++ between (tok (char '(')) (tok (char ')')) expr

op :: String -> ReadP (Expr -> Expr -> Expr)
op cs = tok (Bin <$> satisfy (`elem` cs))

tok :: ReadP a -> ReadP a
tok p = p <* skipSpaces

eval :: Expr -> Either String Integer
eval (Num n) = Right n
eval (Var v) = Left ("unbound " ++ v)
eval (Bin o a b) = do
  x <- eval a
  y <- eval b
  case o of
    '+' -> Right (x + y)
    '-' -> Right (x - y)
    '*' -> Right (x * y)
    '^' | y >= 0 -> Right (x ^ y)
    '/' | y /= 0 -> Right (x `div` y)
    _ -> Left ("can't " ++ [o])

main :: IO ()
main = do
  mapM_ run ["1 + 2 * 3", "(1+2)*3", "2 ^ 3 ^ 2", "10 - 4 - 3", "1 / 0", "x + 1", "1 +", ""]
  print (readP_to_S (many (char 'a' +++ char 'b')) "abc")
  print (readP_to_S (sepBy (munch1 isDigit) (char ',') <* eof) "1,22,333")
  print (readP_to_S (manyTill get (string "end")) "the end of the end")
  print (readP_to_S (gather (count 2 get)) "xyz", readP_to_S (option '-' (char 'x')) "xy")
  print (readP_to_S (string "ab" <|> string "abc") "abcd", readP_to_S look "q")
  print (P.readPrec_to_S (P.prec 5 (P.lift L.lex)) 3 "foo 1.5e2")
  print (readP_to_S (skipMany1 (char ' ') *> endBy1 (munch1 isAlpha) (char ';')) "  a;b;")
 where
  run s = case [e | (e, "") <- readP_to_S (skipSpaces *> expr <* eof) s] of
    [e] -> print e >> putStrLn (either id show (eval e))
    es -> putStrLn (show s ++ ": " ++ show (length es) ++ " parses")
