-- SPDX-License-Identifier: BSD-3-Clause
-- Shows that the texts of the C library's errors are those of stock GHC's
-- programs: they are part of every uncaught IOException.
import Control.Monad
import Foreign.C
import System.IO.Error

main :: IO ()
main = forM_ [1 .. 40] $ \n -> do
  let e = errnoToIOError "op" (Errno n) Nothing (Just "f")
  print e
  putStrLn ("  " ++ concat
    [ name | (p, name) <-
      [ (isDoesNotExistError, "absent"), (isAlreadyExistsError, "exists")
      , (isAlreadyInUseError, "busy"), (isFullError, "full")
      , (isIllegalOperation, "illegal"), (isPermissionError, "permission") ]
    , p e ])
