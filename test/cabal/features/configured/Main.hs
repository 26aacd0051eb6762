{-# LANGUAGE CPP #-}

module Main (main) where

#ifdef HAVE_ZLIB
import Foreign.C

foreign import ccall unsafe "zlibVersion" zlibVersion :: IO CString
#endif

main :: IO ()
main = do
#ifdef HAVE_EPOLL
  putStrLn "epoll"
#endif
#ifdef HAVE_GLIBC
  putStrLn "glibc"
#else
  putStrLn "no glibc"
#endif
#ifdef HAVE_ZLIB
  version <- zlibVersion >>= peekCString
  putStrLn ("zlib " ++ take 2 version)
#endif
  print (LONG_DOUBLE :: Int)
