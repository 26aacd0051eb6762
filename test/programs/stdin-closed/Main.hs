-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a program whose stdin is closed: reads fail, the rest works.
import Control.Exception
import System.IO

main :: IO ()
main = do
  r <- try getLine :: IO (Either IOException String)
  print r
  writeFile "f" "a file may now be descriptor 0\n"
  readFile "f" >>= putStr
  hPutStrLn stderr "stderr still works"
