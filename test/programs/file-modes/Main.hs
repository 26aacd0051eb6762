-- SPDX-License-Identifier: BSD-3-Clause
-- Shows permissions: Permissions records, chmod bits, umask, read-only files.
import Data.Bits ((.&.))
import System.Directory
import System.Posix.Files

bits :: FilePath -> IO ()
bits f = do
  s <- getFileStatus f
  print (fileMode s .&. 0o7777, isRegularFile s, isDirectory s)

main :: IO ()
main = do
  writeFile "plain" "x"
  bits "plain"
  getPermissions "plain" >>= print
  setPermissions "plain" (setOwnerExecutable True emptyPermissions)
  bits "plain"
  setFileMode "plain" 0o640
  bits "plain"
  copyFile "plain" "copy"
  bits "copy"
  setFileMode "copy" (ownerReadMode `unionFileModes` otherExecuteMode)
  copyPermissions "copy" "plain"
  bits "plain"
  old <- setFileCreationMask 0o077
  print old
  writeFile "private" ""
  createDirectory "folder"
  bits "private"
  bits "folder"
  new <- setFileCreationMask old
  print new
  getPermissions "folder" >>= print
  print (intersectFileModes 0o777 groupModes, stdFileMode, accessModes)
  mapM_ print =<< mapM (\f -> fileAccess f True False False) ["plain", "copy"]
