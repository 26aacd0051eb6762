module Main (main) where

import Foreign.C

foreign import ccall "shout" shout :: CString -> IO CInt

main :: IO ()
main = withCString "what" shout >>= print
