-- SPDX-License-Identifier: BSD-3-Clause
-- What programs do with files, below the folder that is the first argument.
-- It says nothing of where that is, so it says the same on every file system.
module Main (main) where

import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.ByteString.Char8 as B
import Data.Char (toUpper)
import Data.IORef
import Data.List (sort)
import GHC.IO.Exception (ioe_errno)
import System.Directory hiding (isSymbolicLink)
import System.Environment
import System.Exit
import System.FilePath ((</>))
import System.IO
import System.IO.Error
import System.Mem
import System.Posix.Files
import System.Posix.IO
  ( OpenFileFlags (..), OpenMode (..), closeFd, createFile
  , defaultFileFlags, fdWrite, openFd )
import System.Posix.Types (FileMode)

main :: IO ()
main = do
  [top] <- getArgs
  createDirectoryIfMissing True top
  there <- canonicalizePath top
  setCurrentDirectory there
  mapM_ section
    [ ("text", text), ("handles", handles), ("directories", directories there)
    , ("names", names), ("links", links), ("times", times), ("modes", modes)
    , ("errors", errors), ("open and removed", removed), ("posix", posix)
    , ("many", many'), ("big", big), ("finalizers", finalizers)
    , ("os threads", osThreads), ("exit", atExit) ]

section :: (String, IO ()) -> IO ()
section (name, act) = do
  putStrLn ("== " ++ name)
  act
  names' <- listDirectory "."
  forM_ names' removePathForcibly

say :: Show a => String -> a -> IO ()
say what x = putStrLn (what ++ ": " ++ show x)

-- What an action fails with, without the path.
failing :: String -> IO a -> IO ()
failing what act = do
  r <- try act
  case r of
    Left e -> putStrLn (what ++ ": errno " ++ show (ioe_errno e) ++ kinds e)
    Right _ -> putStrLn (what ++ ": works")
  where
    kinds e = concat [" " ++ n | (n, f) <-
      [ ("exists", isAlreadyExistsError), ("absent", isDoesNotExistError)
      , ("denied", isPermissionError), ("full", isFullError) ], f e]

text :: IO ()
text = do
  writeFile "a" "one\ntwo\n"
  appendFile "a" "three\n"
  readFile "a" >>= putStr
  say "lines" . length . lines =<< readFile "a"
  B.writeFile "b" (B.replicate 10000 'x')
  say "length" . B.length =<< B.readFile "b"
  writeFile "b" ""
  say "empty" =<< readFile "b"
  writeFile "\955\960" "\955x"
  say "unicode" =<< readFile "\955\960"
  say "names" . sort =<< listDirectory "."

handles :: IO ()
handles = do
  h <- openFile "h" ReadWriteMode
  hSetBuffering h (BlockBuffering (Just 7))
  mapM_ (hPutStrLn h . show) [1 .. 20 :: Int]
  say "tell" =<< hTell h
  hSeek h AbsoluteSeek 4
  say "line" =<< hGetLine h
  hSeek h RelativeSeek 2
  say "char" =<< hGetChar h
  hSeek h SeekFromEnd (-3)
  say "rest" =<< hGetLine h
  say "eof" =<< hIsEOF h
  say "size" =<< hFileSize h
  hSetFileSize h 5
  say "size" =<< hFileSize h
  hSetFileSize h 9
  hSeek h AbsoluteSeek 0
  say "zeros" =<< hGetContents h
  h' <- openFile "h" AppendMode
  hPutStr h' "end"
  hClose h'
  say "appended" . B.unpack =<< B.readFile "h"
  withFile "h" ReadWriteMode $ \x -> do
    hSeek x AbsoluteSeek 20
    hPutStr x "far"
  say "hole" . B.unpack =<< B.readFile "h"
  r <- withFile "h" ReadMode $ \x -> hGetLine x >> try (hGetLine x)
  either (say "end" . isEOFError) (say "more") r
  (p, t) <- openTempFile "." "temp.txt"
  hPutStr t "temporary" >> hClose t
  say "temporary" =<< readFile p

directories :: FilePath -> IO ()
directories top = do
  createDirectoryIfMissing True "x/y/z"
  writeFile "x/y/f" "f"
  withCurrentDirectory "x/y" $ do
    say "up" . sort =<< listDirectory ".."
    say "here" . sort =<< getDirectoryContents "."
    say "f" =<< readFile "../y/./f"
    say "is" . drop (length top) =<< getCurrentDirectory
    writeFile "g" "g"
    createDirectory "z/inner"
  say "z" =<< listDirectory "x/y/z"
  say "kinds" =<< mapM doesDirectoryExist ["x", "x/y/f", "none", "x/"]
  say "kinds" =<< mapM doesFileExist ["x", "x/y/f", "none"]
  renameDirectory "x/y" "x/w"
  say "find" =<< findFile ["x", "x/w"] "g"
  copyFile "x/w/f" "x/copy"
  say "copy" =<< readFile "x/copy"
  say "same" . drop (length top) =<< canonicalizePath "x/w/../w/f"
  removeDirectoryRecursive "x/w"
  say "left" . sort =<< listDirectory "x"
  createDirectory "many"
  forM_ [1 .. 300 :: Int] $ \n -> writeFile ("many" </> show n) (show n)
  say "many" . length =<< listDirectory "many"
  removePathForcibly "many"
  say "gone" =<< doesPathExist "many"

names :: IO ()
names = do
  writeFile "a" "a" >> writeFile "b" "b"
  renameFile "a" "b"
  say "b" =<< readFile "b"
  createDirectory "d" >> createDirectory "e"
  renamePath "b" "d/c"
  say "c" =<< readFile "d/c"
  failing "directory over one that isn't empty" (renameDirectory "e" "d")
  renameDirectory "d" "e"
  say "moved" =<< readFile "e/c"
  failing "into itself" (rename "e" "e/inside")
  createDirectory "e/sub"
  failing "below itself" (rename "e" "e/sub/e")
  failing "file over directory" (rename "e/c" "e/sub")
  failing "directory over file" (rename "e/sub" "e/c")
  let long = replicate 255 'n'
  writeFile long "l"
  say "long" =<< readFile long
  failing "too long" (writeFile ('n' : long) "l")

links :: IO ()
links = do
  writeFile "a" "text"
  createSymbolicLink "a" "s"
  say "through" =<< readFile "s"
  say "to" =<< readSymbolicLink "s"
  say "is one" . isSymbolicLink =<< getSymbolicLinkStatus "s"
  createDirectory "d"
  createSymbolicLink "../a" "d/up"
  say "up" =<< readFile "d/up"
  createSymbolicLink "d" "e"
  say "in" =<< listDirectory "e"
  say "dots" =<< readFile "e/../a"
  createSymbolicLink "loop" "loop"
  failing "loop" (readFile "loop")
  createSymbolicLink "new" "dangling"
  failing "dangling" (readFile "dangling")
  writeFile "dangling" "made"
  say "made" =<< readFile "new"
  createLink "a" "b"
  writeFile "b" "both"
  say "both" =<< readFile "a"
  say "count" . linkCount =<< getFileStatus "a"
  say "same" =<< ((==) <$> (fileID <$> getFileStatus "a")
    <*> (fileID <$> getFileStatus "b"))
  removeFile "a"
  say "count" . linkCount =<< getFileStatus "b"
  failing "link to directory" (createLink "d" "f")
  removeLink "s"
  say "left" . sort =<< listDirectory "."

times :: IO ()
times = do
  writeFile "a" ""
  t <- getModificationTime "a"
  threadDelay 20000
  appendFile "a" "x"
  t' <- getModificationTime "a"
  say "later" (t' > t)
  setModificationTime "a" (read "2001-02-03 04:05:06.789 UTC")
  say "set" =<< getModificationTime "a"
  setFileTimes "a" 1000 2000
  s <- getFileStatus "a"
  say "set" (accessTime s, modificationTime s)

modes :: IO ()
modes = do
  writeFile "a" ""
  setFileMode "a" 0o640
  say "mode" . (`intersectFileModes` 0o7777) . fileMode =<< getFileStatus "a"
  old <- setFileCreationMask 0o027
  createDirectory "d"
  say "masked" . (`intersectFileModes` 0o7777) . fileMode =<< getFileStatus "d"
  _ <- setFileCreationMask old
  p <- getPermissions "a"
  say "permissions" (readable p, writable p, searchable p)
  s <- getFileStatus "d"
  say "kinds" (isDirectory s, isRegularFile s, isSymbolicLink s)

errors :: IO ()
errors = do
  writeFile "f" "" >> createDirectory "d" >> writeFile "d/in" ""
  failing "absent" (readFile "none")
  failing "absent folder" (writeFile "none/x" "")
  failing "file as folder" (readFile "f/x")
  failing "folder as file" (writeFile "d" "")
  failing "exists" (createDirectory "f")
  failing "not empty" (removeDirectory "d")
  failing "no folder" (removeDirectory "f")
  failing "no file" (removeFile "d")
  failing "empty path" (readFile "")
  failing "trailing slash" (writeFile "new/" "")
  failing "rename nothing" (rename "none" "x")
  failing "exclusive" (openFd "f" WriteOnly (Just 0o600)
    defaultFileFlags { exclusive = True })
  h <- openFile "f" ReadMode
  failing "write to what is read" (hPutStr h "x" >> hFlush h)
  failing "second writer" (openFile "f" WriteMode)
  hClose h

removed :: IO ()
removed = do
  writeFile "a" "still here"
  h <- openFile "a" ReadWriteMode
  removeFile "a"
  say "names" =<< listDirectory "."
  say "contents" =<< hGetLine h
  hSeek h AbsoluteSeek 0
  hPutStr h "and written"
  hSeek h AbsoluteSeek 0
  say "contents" =<< hGetContents h

posix :: IO ()
posix = do
  fd <- createFile "p" 0o600
  n <- fdWrite fd "some bytes"
  closeFd fd
  say "written" n
  setFileSize "p" 4
  say "cut" =<< readFile "p"
  s <- getFileStatus "p"
  say "status" (fileSize s, fileMode s `intersectFileModes` (0o777 :: FileMode))
  say "exist" =<< mapM fileExist ["p", "q"]
  say "access" =<< fileAccess "p" True True False

-- Many threads, files of their own and one that all append to.
many' :: IO ()
many' = do
  done <- forM [1 .. 20 :: Int] $ \n -> do
    v <- newEmptyMVar
    _ <- forkIO $ do
      r <- try (worker n)
      putMVar v (r :: Either SomeException ())
    return v
  rs <- mapM takeMVar done
  say "failed" (length [() | Left _ <- rs])
  ls <- lines <$> readFile "log"
  say "lines" (length ls, length (filter ((== 30) . length) ls))
  say "sums" . sum =<< forM [1 .. 20 :: Int] (\n ->
    sum . map read . lines <$> readFile ("own" ++ show n) :: IO Int)
  where
    worker n = do
      forM_ [1 .. 20 :: Int] $ \i -> appendFile ("own" ++ show n)
        (show i ++ "\n")
      forM_ [1 .. 10 :: Int] $ \_ -> do
        fd <- openFd "log" WriteOnly (Just 0o644)
          defaultFileFlags { append = True }
        _ <- fdWrite fd (replicate 30 (toEnum (64 + n)) ++ "\n")
        closeFd fd

big :: IO ()
big = do
  let chunk = B.concat (replicate 1000 (B.pack "0123456789abcdef"))
  h <- openBinaryFile "big" WriteMode
  replicateM_ 100 (B.hPut h chunk)
  hClose h
  b <- B.readFile "big"
  say "size" (B.length b)
  say "sum" (B.foldl' (\s c -> (s * 31 + fromEnum c) `mod` 1000003) 7 b)
  r <- newIORef (0 :: Int)
  withFile "big" ReadMode $ \x -> forM_ [1, 77777, 1599990] $ \at -> do
    hSeek x AbsoluteSeek at
    s <- B.hGet x 20
    modifyIORef r (+ B.length s)
    say "there" s
  say "read" =<< readIORef r
  writeFile "up" . map toUpper =<< readFile "big"
  say "upper" . B.length =<< B.readFile "up"

-- Handles that are dropped are closed by the collector.
finalizers :: IO ()
finalizers = do
  forM_ [1 .. 60 :: Int] $ \n -> do
    h <- openFile ("f" ++ show n) WriteMode
    hPutStr h (show n)
  performMajorGC
  threadDelay 20000
  performMajorGC
  forM_ [1 .. 60 :: Int] $ \n -> removePathForcibly ("f" ++ show n)
  say "left" =<< listDirectory "."

osThreads :: IO ()
osThreads = do
  v <- newEmptyMVar
  let run = if rtsSupportsBoundThreads then forkOS else forkIO
  forM_ [1 .. 4 :: Int] $ \n -> run $ do
    writeFile ("t" ++ show n) (replicate n 'x')
    readFile ("t" ++ show n) >>= evaluate . length >>= putMVar v
  say "sum" . sum =<< replicateM 4 (takeMVar v)

-- What is buffered at the end is written by hs_exit.
atExit :: IO ()
atExit = do
  h <- openFile "late" WriteMode
  hPutStr h "late"
  hPutStr stdout "no newline at the end, and a status of 3"
  exitWith (ExitFailure 3)
