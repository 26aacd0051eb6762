-- SPDX-License-Identifier: BSD-3-Clause
-- Shows handles: hDuplicate, hDuplicateTo, echo and terminal queries, two
-- buffers on one descriptor, hShow, reading and writing one handle.
import Control.Exception
import GHC.IO.Handle
import System.IO
import System.IO.Error

main :: IO ()
main = do
  d <- hDuplicate stdout
  hSetBuffering d LineBuffering
  hPutStrLn d "through the copy"
  f <- openFile "redirected" ReadWriteMode
  hDuplicateTo f stdout
  putStrLn "into the file"
  hFlush stdout
  hDuplicateTo d stdout
  hSetBuffering stdout LineBuffering
  putStrLn "back again"
  hClose f
  readFile "redirected" >>= putStr
  mapM hIsTerminalDevice [stdin, stdout] >>= print
  e <- try (hGetEcho stdin)
  print (either (const "no echo" . (\x -> x :: IOException)) show e)
  hSetEcho stdin False
  mapM hIsSeekable [stdin, f'] >>= print . length
  h <- openFile "both" ReadWriteMode
  hSetBuffering h (BlockBuffering (Just 8))
  hPutStr h "abcdefghijklmnop"
  hSeek h AbsoluteSeek 3
  c <- hGetChar h
  hPutStr h "<>"
  hSeek h AbsoluteSeek 0
  s <- hGetLine h
  print (c, s)
  hClose h
  r <- openFile "both" ReadMode
  t <- hGetContents r
  print (take 3 t)
  i <- try (hGetChar r)
  print (either isIllegalOperation (const False) i)
  print (length t)
  hClose r
  print =<< hGetContents' "both"
 where
  f' = stdin
  hGetContents' p = withFile p ReadMode (\k -> do { x <- hGetContents k; evaluate (length x) })
