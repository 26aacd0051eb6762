-- SPDX-License-Identifier: BSD-3-Clause
-- Shows template-haskell as a library: syntax built and printed at run time.
import Language.Haskell.TH

main :: IO ()
main = do
  x <- newNameLike "x"
  let f = FunD (mkName "double") [Clause [VarP x] (NormalB (InfixE (Just (VarE x)) (VarE (mkName "+")) (Just (VarE x)))) []]
  putStrLn (pprint f)
  e <- runQ (lamE [tupP [varP x, wildP]] (condE (appE (varE (mkName "even")) (varE x)) (litE (stringL "even")) (sigE (litE (integerL 3)) (conT (mkName "Int")))))
  putStrLn (pprint e)
  print e
  d <- runQ (dataD (cxt []) (mkName "T") [PlainTV (mkName "a") ()] Nothing [normalC (mkName "A") [bangType (bang noSourceUnpackedness sourceStrict) (varT (mkName "a"))], recC (mkName "B") []] [derivClause Nothing [conT (mkName "Show")]])
  putStrLn (pprint d)
  print (nameBase (mkName "Data.Map.lookup"), nameModule (mkName "Data.Map.lookup"), x == x)
 where newNameLike = pure . mkName
