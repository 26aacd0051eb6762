-- SPDX-License-Identifier: BSD-3-Clause
-- Shows what invalid bytes and characters do under each error policy.
import Control.Exception
import qualified Data.ByteString as B
import System.IO

input :: [[Int]]
input =
  [ [0x61, 0xff, 0x62], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80]
  , [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80, 0x61]
  , [0xf0, 0x9f, 0x90, 0xa7], [0xe2, 0x82, 0x61] ]

main :: IO ()
main = do
  names <- mapM mk [ "UTF-8", "UTF-8//IGNORE", "UTF-8//TRANSLIT"
                   , "UTF-8//ROUNDTRIP", "ASCII//IGNORE" ]
  mapM_ reading names
  mapM_ writing =<< mapM mk [ "UTF-8", "UTF-8//ROUNDTRIP", "UTF-8//TRANSLIT"
                            , "ISO-8859-1//TRANSLIT", "ISO-8859-1" ]
  r <- try (mkTextEncoding "NO-SUCH-CODE") :: IO (Either IOException TextEncoding)
  putStrLn (either show show r)
  e <- mkTextEncoding "UTF-16"
  B.writeFile "odd" (B.pack [0xfe, 0xff, 0, 65, 0xd8, 0, 0, 66])
  attempt (get e)
 where
  mk n = (,) n <$> mkTextEncoding n
  get e = withFile "odd" ReadMode $ \h -> do
    hSetEncoding h e
    s <- hGetContents h
    length s `seq` pure s
  attempt act = do
    r <- try act
    putStrLn (either (\x -> "  " ++ show (x :: IOException)) (("  " ++) . show) r)
  reading (n, e) = do
    putStrLn ("reading " ++ n)
    mapM_ (\b -> B.writeFile "odd" (B.pack (map fromIntegral b))
                 >> attempt (get e)) input
  writing (n, e) = do
    putStrLn ("writing " ++ n)
    mapM_ (put e) ["a\233z", "\955", "\55296x", "\56575", "\1114111"]
  put e s = do
    r <- try (withFile "out" WriteMode $ \h -> hSetEncoding h e >> hPutStr h s)
    b <- B.readFile "out"
    putStrLn ("  " ++ either (\x -> show (x :: IOException)) show r
              ++ " " ++ show (B.unpack b))
