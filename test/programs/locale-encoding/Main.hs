-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the locale's encoding by LANG and LC_ALL, on handles and file names.
import Control.Exception
import Data.List (sort)
import GHC.IO.Encoding
import System.Directory
import System.Environment
import System.IO

main :: IO ()
main = do
  print localeEncoding
  getFileSystemEncoding >>= print
  getArgs >>= print
  r <- try (withFile "text" WriteMode (`hPutStr` "\955"))
  print (r :: Either IOException ())
  w <- try (writeFile "\955\233" "x")
  print (either (\e -> Left (show (e :: IOException))) Right w)
  listDirectory "." >>= print . sort
  setLocaleEncoding utf8
  writeFile "t" "\955"
  readFile "t" >>= print
  setFileSystemEncoding latin1
  listDirectory "." >>= print . length
