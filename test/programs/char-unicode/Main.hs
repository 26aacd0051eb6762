-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Data.Char over all code points: categories, predicates, case maps.
import Data.Char
import Data.List (foldl')
import qualified Data.Map.Strict as M

main :: IO ()
main = do
  let every = [minBound .. maxBound :: Char]
  mapM_ print (M.toList (foldl' (\m c -> M.insertWith (+) (fromEnum (generalCategory c)) (1 :: Int) m) M.empty every))
  let count p = foldl' (\n c -> if p c then n + 1 else n) (0 :: Int) every
  print [count p | p <- [isAlpha, isUpper, isLower, isDigit, isAlphaNum, isSpace, isPunctuation, isSymbol, isControl, isPrint, isSeparator]]
  let hash f = foldl' (\h c -> (h * 31 + fromEnum (f c)) `mod` 1000000007) 7 every
  print (map hash [toUpper, toLower, toTitle])
  print (map toUpper "stra\223e \255 \x10d \x3c9\x1c6", map toTitle "\x1c6", map toLower "\x130\x3a3")
  print (map digitToInt "09afAF", intToDigit 11, ord 'a', chr 955, map isHexDigit "fg")
  print (lexLitChar "\\n rest", readLitChar "\\x3bb!", showLitChar '\955' "")
  print (isLatin1 '\255', isAscii '\128', isAsciiUpper 'A', isMark '\768', isNumber '\189', isLetter '\1046')
