-- SPDX-License-Identifier: BSD-3-Clause
-- Shows temporary files: distinct names, modes, removal, getTemporaryDirectory.
import Control.Exception
import Control.Monad
import Data.List (isPrefixOf, isSuffixOf, nub)
import System.Directory
import System.FilePath
import System.IO
import System.Posix.Files

main :: IO ()
main = do
  files <- forM [1 .. 5 :: Int] $ \i ->
    bracket (openTempFile "." "work.txt") (hClose . snd) $ \(p, h) -> do
      hPutStrLn h (show i)
      pure p
  print (length (nub files))
  print (all (\f -> "work" `isPrefixOf` takeFileName f
                    && ".txt" `isSuffixOf` f) files)
  mapM readFile files >>= mapM_ putStr
  modes <- mapM (fmap ((`mod` 0o1000) . fileMode) . getFileStatus) files
  print (nub modes)
  (d, h) <- openBinaryTempFileWithDefaultPermissions "." "shared.bin"
  hClose h
  m <- fileMode <$> getFileStatus d
  print (m `mod` 0o1000)
  t <- getTemporaryDirectory
  here <- getCurrentDirectory
  print (t == here)
  mapM_ removeFile (d : files)
  listDirectory "." >>= print
