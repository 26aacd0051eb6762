-- SPDX-License-Identifier: BSD-3-Clause
-- Shows stdin and stdout in another encoding, changed on the way, and text
-- that the locale can't say.
import Control.Exception
import System.IO

main :: IO ()
main = do
  l1 <- getLine
  hSetEncoding stdin latin1
  l2 <- getLine
  hSetEncoding stdin utf8
  l3 <- getLine
  print (l1, l2, l3)
  hSetEncoding stdout latin1
  putStrLn (l2 ++ " \255")
  r <- try (putStrLn "\955" >> hFlush stdout)
  hSetEncoding stdout utf16le
  putStr "wide"
  hSetEncoding stdout utf8
  putStrLn ""
  print (r :: Either IOException ())
  hSetBinaryMode stdin True
  getContents >>= print
  hSetEncoding stderr latin1
  hPutStrLn stderr "stderr can say \233 and, transliterated, \955"
