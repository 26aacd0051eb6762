-- SPDX-License-Identifier: BSD-3-Clause
-- Says all about the files below the folder that is the first argument.
module Main (main) where

import Control.Exception
import Control.Monad
import qualified Data.ByteString as B
import Data.List (sort)
import GHC.IO.Exception (ioe_errno)
import System.Directory hiding (isSymbolicLink)
import System.Environment
import System.FilePath ((</>))
import System.Posix.Files

main :: IO ()
main = do
  [top] <- getArgs
  setCurrentDirectory top
  walk "."
  r <- try (writeFile "new" "x")
  putStrLn ("written: " ++ either (show . ioe_errno) (const "yes") r)

walk :: FilePath -> IO ()
walk p = do
  s <- getSymbolicLinkStatus p
  let bits = fileMode s `intersectFileModes` 0o777
      kind | isDirectory s = "directory " ++ show bits
           | isSymbolicLink s = "link"
           | otherwise = "file " ++ show (bits, fileSize s, linkCount s)
      time = if isRegularFile s
        then show (modificationTime s) else ""
  putStrLn (unwords [p, kind, time])
  when (isSymbolicLink s) $ do
    readSymbolicLink p >>= putStrLn . (p ++) . (" -> " ++)
    r <- try (B.readFile p)
    putStrLn (p ++ " leads to " ++ either (show . ioe_errno) summary r)
  when (isRegularFile s) $ B.readFile p >>= putStrLn . (p ++) . (" has " ++)
    . summary
  when (isDirectory s) $ listDirectory p >>= mapM_ (walk . (p </>)) . sort

summary :: B.ByteString -> String
summary b = show (B.length b, B.foldl' (\h x ->
  (h * 31 + fromIntegral x) `mod` 1000003) (7 :: Int) b)
