-- SPDX-License-Identifier: BSD-3-Clause
-- Shows how System.IO.Error classifies failures, and their texts.
import Control.Exception
import System.Directory
import System.IO
import System.IO.Error

kind :: IOException -> String
kind e = unwords
  [ name
  | (p, name) <-
      [ (isDoesNotExistError, "absent"), (isAlreadyExistsError, "exists")
      , (isAlreadyInUseError, "busy"), (isFullError, "full")
      , (isEOFError, "eof"), (isIllegalOperation, "illegal")
      , (isPermissionError, "permission"), (isUserError, "user") ]
  , p e ]

attempt :: Show a => String -> IO a -> IO ()
attempt what act = do
  r <- tryIOError act
  putStrLn $ what ++ ": " ++ case r of
    Left e -> kind e ++ " | " ++ show e
    Right v -> "fine " ++ show v

main :: IO ()
main = do
  attempt "absent" (readFile "absent.txt")
  writeFile "f" "x"
  createDirectory "d"
  attempt "not a folder" (readFile "f/below")
  attempt "write a folder" (writeFile "d" "x")
  attempt "folder exists" (createDirectory "d")
  attempt "parents absent" (createDirectory "p/q/r")
  writeFile "d/child" ""
  attempt "not empty" (removeDirectory "d")
  attempt "two writers" $
    withFile "f" WriteMode $ \_ -> withFile "f" WriteMode (const (pure ()))
  attempt "reader, writer" $
    withFile "f" ReadMode $ \_ -> withFile "f" AppendMode (const (pure ()))
  attempt "two readers" $
    withFile "f" ReadMode $ \_ -> withFile "f" ReadMode (const (pure ()))
  attempt "closed" $ openFile "f" ReadMode >>= \h -> hClose h >> hGetLine h
  attempt "read a writer" $ withFile "f" WriteMode hGetLine
  attempt "eof" $ withFile "f" ReadMode hGetLine
  attempt "user" (ioError (userError "mine") :: IO ())
  attempt "annotated" $ modifyIOError
    (\e -> annotateIOError (ioeSetErrorString e "why") "loc" Nothing (Just "p"))
    (ioError (mkIOError fullErrorType "" Nothing Nothing) :: IO ())
  attempt "caught" $ catchIOError (readFile "no") (pure . ioeGetErrorString)
  attempt "full" $ withFile "/dev/full" WriteMode (`hPutStr` "x")
  r <- try (evaluate (1 `div` (0 :: Int)))
  print (r :: Either ArithException Int)
