-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Text.Printf: every conversion, width, precision, hPrintf, errors.
import Control.Exception
import System.IO
import Text.Printf

main :: IO ()
main = do
  printf "%d|%5d|%-5d|%05d|%+d|% d\n" (42 :: Int) (42 :: Int) (42 :: Int) (42 :: Int) (42 :: Int) (42 :: Int)
  printf "%x %X %#x %o %b %u\n" (255 :: Int) (255 :: Int) (255 :: Int) (8 :: Int) (5 :: Int) (-1 :: Int)
  printf "%s|%10s|%-10s|%.2s|%c\n" "text" "right" "left" "cut" 'c'
  printf "%f %.2f %8.3f %-8.1f| %e %g %g\n" (1.5 :: Double) (2.345 :: Double) (3.14159 :: Double) (2.5 :: Double) (12345.678 :: Double) (0.0001 :: Double) (1e10 :: Double)
  printf "%d %d\n" (2 ^ (70 :: Int) :: Integer) (-5 :: Integer)
  printf "%*d|%-*d|%%\n" (6 :: Int) (7 :: Int) (6 :: Int) (8 :: Int)
  printf "%v %v %v\n" (1 :: Int) 'x' (2.5 :: Double)
  let s = printf "%s has %d items" "list" (3 :: Int) :: String
  putStrLn s
  hPrintf stderr "to stderr: %08.3f\n" (3.14159 :: Double)
  printf "\955 %s\n" "\228\246"
  mapM_ attempt [printf "%d\n" "no number", printf "%q\n" (1 :: Int), printf "%d %d\n" (1 :: Int), printf "x\n" (1 :: Int)]
 where
  attempt act = (act >> hFlush stdout) `catch` \e -> putStrLn (takeWhile (/= '\n') (show (e :: SomeException)))
