-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a larger piece: an interpreter for a small imperative language, with
-- a lexer, a parser and an environment of mutable cells.
module Main (main) where
import Control.Monad
import Data.Char
import Data.IORef
import qualified Data.Map as M

data Tok = TNum Integer | TName String | TSym String deriving (Eq, Show)
data Expr = Num Integer | Var String | Bin String Expr Expr deriving Show
data Stmt = Set String Expr | Print Expr | While Expr [Stmt] | If Expr [Stmt] [Stmt] deriving Show

lexer :: String -> [Tok]
lexer [] = []
lexer s@(c : cs)
  | isSpace c = lexer cs
  | isDigit c = let (d, r) = span isDigit s in TNum (read d) : lexer r
  | isAlpha c = let (n, r) = span isAlphaNum s in TName n : lexer r
  | take 2 s `elem` ["<=", "==", ":="] = TSym (take 2 s) : lexer (drop 2 s)
  | otherwise = TSym [c] : lexer cs

type P a = [Tok] -> (a, [Tok])

stmts :: P [Stmt]
stmts ts = case ts of
  [] -> ([], [])
  TSym "}" : _ -> ([], ts)
  _ -> let (s, r) = stmt ts
           (ss, r') = stmts r in (s : ss, r')

stmt :: P Stmt
stmt (TName "while" : r) = let (c, r1) = expr 0 r; (b, r2) = block r1 in (While c b, r2)
stmt (TName "if" : r) =
  let (c, r1) = expr 0 r
      (t, r2) = block r1
  in case r2 of
       TName "else" : r3 -> let (e, r4) = block r3 in (If c t e, r4)
       _ -> (If c t [], r2)
stmt (TName "print" : r) = let (e, r1) = expr 0 r in (Print e, end r1)
stmt (TName v : TSym ":=" : r) = let (e, r1) = expr 0 r in (Set v e, end r1)
stmt ts = error ("no statement: " ++ show (take 3 ts))

block :: P [Stmt]
block (TSym "{" : r) = case stmts r of
  (b, TSym "}" : r1) -> (b, r1)
  _ -> error "block not closed"
block ts = error ("no block: " ++ show (take 3 ts))

end :: [Tok] -> [Tok]
end (TSym ";" : r) = r
end ts = error ("no ; before " ++ show (take 1 ts))

expr :: Int -> P Expr
expr p ts = uncurry (climb p) (atom ts)

climb :: Int -> Expr -> P Expr
climb p l (TSym o : r)
  | Just q <- lookup o ops, q >= p = let (e, r1) = expr (q + 1) r in climb p (Bin o l e) r1
climb _ l ts = (l, ts)

ops :: [(String, Int)]
ops = [("==", 1), ("<=", 1), ("<", 1), ("+", 2), ("-", 2), ("*", 3), ("/", 3), ("%", 3)]

atom :: P Expr
atom (TNum n : r) = (Num n, r)
atom (TName v : r) = (Var v, r)
atom (TSym "(" : r) = case expr 0 r of
  (e, TSym ")" : r1) -> (e, r1)
  _ -> error "parenthesis not closed"
atom ts = error ("no expression: " ++ show (take 1 ts))

type Env = IORef (M.Map String Integer)

run :: Env -> Stmt -> IO ()
run env s = case s of
  Set v e -> eval env e >>= \n -> n `seq` modifyIORef' env (M.insert v n)
  Print e -> eval env e >>= print
  While c b -> eval env c >>= \n -> when (n /= 0) (mapM_ (run env) b >> run env s)
  If c t e -> eval env c >>= \n -> mapM_ (run env) (if n /= 0 then t else e)

eval :: Env -> Expr -> IO Integer
eval _ (Num n) = pure n
eval env (Var v) = readIORef env >>= maybe (ioError (userError ("unbound " ++ v))) pure . M.lookup v
eval env (Bin o a b) = f <$> eval env a <*> eval env b
 where
  f x y = case o of
    "+" -> x + y
    "-" -> x - y
    "*" -> x * y
    "/" -> x `div` y
    "%" -> x `mod` y
    "<" -> bool (x < y)
    "<=" -> bool (x <= y)
    _ -> bool (x == y)
  bool = toInteger . fromEnum

main :: IO ()
main = do
  src <- getContents
  env <- newIORef M.empty
  mapM_ (run env) (fst (stmts (lexer src)))
  readIORef env >>= print
  run env (Print (Var "nothing"))
