-- SPDX-License-Identifier: BSD-3-Clause
-- Shows System.Posix files: stat, links, fifos, raw descriptors, directories.
import Control.Exception
import Control.Monad
import Data.List (sort)
import System.IO (SeekMode (..))
import System.Posix

main :: IO ()
main = do
  fd <- createFile "raw" 0o640
  n <- fdWrite fd "raw bytes here"
  print n
  fdSeek fd AbsoluteSeek 4 >>= print
  closeFd fd
  rd <- openFd "raw" ReadOnly Nothing defaultFileFlags
  _ <- fdSeek rd AbsoluteSeek 4
  fdRead rd 5 >>= print
  closeFd rd
  x <- try (openFd "raw" WriteOnly (Just 0o600) defaultFileFlags { exclusive = True })
  putStrLn (either (\e -> show (e :: IOException)) (const "opened") x)
  setFileSize "raw" 4
  s <- getFileStatus "raw"
  print (fileSize s, linkCount s, fileMode s, isRegularFile s)
  createLink "raw" "hard"
  createSymbolicLink "raw" "soft"
  readSymbolicLink "soft" >>= putStrLn
  a <- getSymbolicLinkStatus "soft"
  b <- getFileStatus "soft"
  c <- getFileStatus "hard"
  print (isSymbolicLink a, isSymbolicLink b, fileID b == fileID c, linkCount c)
  rename "hard" "renamed"
  removeLink "soft"
  createNamedPipe "fifo" 0o600
  fmap isNamedPipe (getFileStatus "fifo") >>= print
  createDirectory "dir" 0o750
  fmap ((`mod` 0o1000) . fileMode) (getFileStatus "dir") >>= print
  forM_ [1 .. 100 :: Int] (\i -> writeFile ("dir/f" ++ show i) "")
  ds <- openDirStream "dir"
  let collect acc = readDirStream ds >>= \f -> if null f then pure acc else collect (f : acc)
  names <- collect []
  closeDirStream ds
  print (length names, take 4 (sort names))
  mapM fileExist ["raw", "renamed", "soft", "hard"] >>= print
  fd2 <- openFd "log" WriteOnly (Just 0o600) defaultFileFlags { append = True }
  _ <- fdWrite fd2 "one,"
  fileSynchronise fd2
  _ <- fdWrite fd2 "two"
  closeFd fd2
  readFile "log" >>= putStrLn
  v <- getPathVar "." FileNameLimit
  print v
