-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the encodings that come from the C library's iconv.
import Control.Exception
import Control.Monad
import qualified Data.ByteString as B
import System.Environment
import System.IO

main :: IO ()
main = do
  [which] <- getArgs
  forM_ (if which == "mappable" then mappable else unmappable) one

one :: (String, String) -> IO ()
one (name, text) = do
  r <- try $ do
    e <- mkTextEncoding name
    withFile "t" WriteMode $ \h -> hSetEncoding h e >> hPutStr h text
    back <- withFile "t" ReadMode $ \h -> do
      hSetEncoding h e
      s <- hGetContents h
      length s `seq` pure s
    b <- B.readFile "t"
    print (name, B.unpack b, back == text)
  either (\e -> putStrLn (name ++ ": " ++ show (e :: IOException))) pure r

mappable, unmappable :: [(String, String)]
mappable =
  [ ("ISO-8859-15", "price \8364 \353")
  , ("ISO-8859-2", "\321\243d\378 Gda\324sk")
  , ("CP1252", "\8220quoted\8221 \8364")
  , ("CP1251", "\1055\1088\1080\1074\1077\1090")
  , ("KOI8-R", "\1055\1088\1080\1074\1077\1090")
  , ("ISO-8859-7", "\945\946\947")
  , ("EUC-JP", "\26085\26412\35486")
  , ("SHIFT_JIS", "\26085\26412\35486 \65393")
  ]
unmappable =
  [ (code ++ policy, "a \955 b")
  | code <- ["ISO-8859-5", "KOI8-R"]
  , policy <- ["", "//IGNORE", "//TRANSLIT"] ]
