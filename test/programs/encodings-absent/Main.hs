-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the encodings that stock GHC's programs have from the system's C
-- library and HaLVM's don't (its libc can read some of these, not write
-- them): asking for one is a plain error, not text gone wrong.
import Control.Monad
import System.IO
import System.IO.Error

main :: IO ()
main = forM_ ["GBK", "BIG5", "EUC-KR", "EBCDIC-US"] $ \name -> do
  r <- tryIOError (mkTextEncoding name)
  putStrLn (name ++ ": " ++ either (\e -> show (isDoesNotExistError e, e)) show r)
