-- SPDX-License-Identifier: BSD-3-Clause
-- Shows folders: create, list, rename, copy, find, links, remove a tree.
import Control.Monad
import Data.List (sort)
import System.Directory
import System.FilePath

tree :: FilePath -> IO [FilePath]
tree d = do
  names <- sort <$> listDirectory d
  fmap concat . forM names $ \n -> do
    isDir <- doesDirectoryExist (d </> n)
    isLink <- pathIsSymbolicLink (d </> n)
    below <- if isDir && not isLink then tree (d </> n) else pure []
    pure ((d </> n) : below)

main :: IO ()
main = do
  createDirectoryIfMissing True ("top" </> "a" </> "b" </> "c")
  createDirectoryIfMissing True "top/a"
  forM_ ["top/one", "top/a/two", "top/a/b/three", "top/a/b/c/\955.txt"] $ \f ->
    writeFile f f
  tree "top" >>= mapM_ putStrLn
  renameDirectory "top/a/b" "top/moved"
  renameFile "top/one" "top/moved/uno"
  renamePath "top/a" "top/z"
  copyFile "top/moved/uno" "top/copy"
  createFileLink "copy" "top/link"
  createDirectoryLink "moved" "top/folder-link"
  getSymbolicLinkTarget "top/link" >>= putStrLn
  readFile "top/link" >>= putStrLn
  tree "top" >>= mapM_ putStrLn
  mapM doesPathExist ["top/a", "top/z", "top/folder-link/uno"] >>= print
  findFile ["top", "top/moved"] "three" >>= print
  fmap sort (getDirectoryContents "top/moved") >>= print
  removeDirectoryLink "top/folder-link"
  removePathForcibly "top/moved"
  removePathForcibly "top/absent"
  tree "top" >>= mapM_ putStrLn
  removeDirectoryRecursive "top"
  listDirectory "." >>= print
