-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the locks between handles of one process, and POSIX record locks.
import Control.Exception
import System.IO
import System.Posix.Files
import System.Posix.IO

main :: IO ()
main = do
  writeFile "l" "0123456789"
  h <- openFile "l" ReadMode
  again <- try (openFile "l" WriteMode) :: IO (Either IOException Handle)
  print again
  k <- openFile "l" ReadMode
  hClose k
  hClose h
  w <- openFile "l" ReadWriteMode
  denied <- try (readFile "l") :: IO (Either IOException String)
  print denied
  hClose w
  createLink "l" "other-name"
  a <- openFile "l" AppendMode
  sameInode <- try (openFile "other-name" ReadMode)
  putStrLn (either (\e -> "refused: " ++ show (e :: IOException))
                   (const "opened") sameInode)
  hClose a
  fd <- openFd "l" ReadWrite Nothing defaultFileFlags
  setLock fd (WriteLock, AbsoluteSeek, 0, 4)
  waitToSetLock fd (ReadLock, AbsoluteSeek, 4, 4)
  l <- getLock fd (WriteLock, AbsoluteSeek, 0, 10)
  print (maybe "no other process holds it" (const "held") l)
  setLock fd (Unlock, AbsoluteSeek, 0, 0)
  closeFd fd
  readFile "l" >>= putStrLn
