-- SPDX-License-Identifier: BSD-3-Clause
-- Shows text encodings: each writes its bytes and reads its text back.
import qualified Data.ByteString as B
import Control.Monad
import Numeric (showHex)
import System.IO

text :: String
text = "A\228\955\8364\26085\128039\n"

main :: IO ()
main = do
  mapM_ one [utf8, utf8_bom, utf16, utf16le, utf16be, utf32, utf32le, utf32be]
  part latin1 "caf\233 \255\n"
  part char8 "caf\233 \128\n"
  forM_ ["UTF-8", "UTF-16LE", "UTF32BE", "ISO-8859-1", "US-ASCII"] $ \n -> do
    e <- mkTextEncoding n
    putStrLn (n ++ " -> " ++ show e)
    part e "plain text\n"
  print =<< hGetEncoding stdout
  print localeEncoding
  withBinaryFile "t" ReadMode hGetEncoding >>= print
 where
  one e = part e text
  part e s = do
    withFile "t" WriteMode $ \h -> hSetEncoding h e >> hPutStr h s
    b <- B.readFile "t"
    putStrLn (show e ++ ": " ++ unwords (map (`showHex` "") (B.unpack b)))
    r <- withFile "t" ReadMode $ \h -> do
      hSetEncoding h e
      t <- hGetContents h
      length t `seq` pure t
    print (r == s, length r)
