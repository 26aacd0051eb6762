-- SPDX-License-Identifier: BSD-3-Clause
-- Shows newline translation in both directions and universal mode.
import qualified Data.ByteString.Char8 as B
import System.IO

main :: IO ()
main = do
  B.writeFile "dos" (B.pack "one\r\ntwo\r\nthree\nfour\r")
  reading noNewlineTranslation
  reading universalNewlineMode
  reading (NewlineMode CRLF LF)
  withFile "out" WriteMode $ \h -> do
    hSetNewlineMode h (NewlineMode LF CRLF)
    hPutStr h "a\nb\r\nc"
    hPutStrLn h ""
  B.readFile "out" >>= print
  print nativeNewline
  hSetNewlineMode stdout (NewlineMode LF CRLF)
  putStrLn "ends in CR LF"
  hSetNewlineMode stdout nativeNewlineMode
  putStrLn "ends in LF"
 where
  reading mode = withFile "dos" ReadMode $ \h -> do
    hSetNewlineMode h mode
    s <- hGetContents h
    print s
