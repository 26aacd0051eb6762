-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the current folder, changing it, absolute and canonical paths.
import Control.Exception
import System.Directory
import System.FilePath
import System.IO.Error

main :: IO ()
main = do
  base <- getCurrentDirectory
  createDirectory "inner"
  withCurrentDirectory "inner" $ do
    here <- getCurrentDirectory
    print (makeRelative base here)
    writeFile "f" "inside"
  setCurrentDirectory "inner"
  readFile "f" >>= putStrLn
  readFile "../inner/./f" >>= putStrLn
  p <- makeAbsolute "f"
  print (makeRelative base p)
  createDirectoryLink "../inner" "loop"
  q <- canonicalizePath "loop/loop/../inner/f"
  b <- canonicalizePath base
  print (makeRelative b q)
  makeRelativeToCurrentDirectory (base </> "inner" </> "f") >>= print
  r <- try (setCurrentDirectory "nowhere")
  print (either isDoesNotExistError (const False) r)
  print (either ioeGetFileName (const Nothing) r)
  setCurrentDirectory base
  getHomeDirectory >>= print
  getAppUserDataDirectory "thing" >>= print
  getXdgDirectory XdgConfig "thing" >>= print
  getXdgDirectory XdgCache "" >>= print
