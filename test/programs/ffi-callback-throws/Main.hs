-- SPDX-License-Identifier: BSD-3-Clause
-- Shows an exception that no callback may let out: it ends the program, as
-- uncaught; one that is handled inside does not.
import Control.Exception
import Control.Monad
import Foreign.Ptr
import System.Environment

foreign import ccall "wrapper" mkAction :: IO () -> IO (FunPtr (IO ()))
foreign import ccall "dynamic" call :: FunPtr (IO ()) -> IO ()

main :: IO ()
main = do
  [how] <- getArgs
  inner <- mkAction $ case how of
    "handled" -> throwIO (userError "inside") `catch` \e -> print (e :: IOException)
    _ -> void (throwIO (userError "inside"))
  r <- try (call inner)
  putStrLn ("back in Haskell: " ++ show (r :: Either IOException ()))
