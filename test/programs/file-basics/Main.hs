-- SPDX-License-Identifier: BSD-3-Clause
-- Shows files: write, append, read, sizes, handles and their state.
import System.Directory (doesFileExist, getFileSize, removeFile)
import System.IO

main :: IO ()
main = do
  writeFile "a.txt" "one\ntwo\n"
  appendFile "a.txt" "three\n"
  readFile "a.txt" >>= putStr
  getFileSize "a.txt" >>= print
  withFile "a.txt" ReadMode $ \h -> do
    print h
    hFileSize h >>= print
    l <- hGetLine h
    eof <- hIsEOF h
    rest <- hGetContents h
    print (l, eof, lines rest)
  h <- openFile "b.txt" ReadWriteMode
  hPutStr h "0123456789"
  states <- sequence [hIsOpen h, hIsReadable h, hIsWritable h, hIsSeekable h]
  print states
  hClose h
  hIsClosed h >>= print
  hClose h
  hShow h >>= putStrLn
  withFile "b.txt" AppendMode $ \k -> hPutStrLn k "ABC"
  s <- readFile "b.txt"
  print (length s, s)
  interactive <- hIsTerminalDevice stdin
  print interactive
  mapM_ removeFile ["a.txt", "b.txt"]
  mapM doesFileExist ["a.txt", "b.txt"] >>= print
