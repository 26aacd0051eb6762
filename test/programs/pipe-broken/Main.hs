-- SPDX-License-Identifier: BSD-3-Clause
-- Shows writing to a pipe nobody reads: EPIPE as an exception, in both a
-- handle and a raw descriptor.
import Control.Exception
import System.IO
import System.IO.Error
import System.Posix.IO
import System.Posix.Types
import GHC.IO.Exception

main :: IO ()
main = do
  (r, w) <- createPipe
  h <- fdToHandle w
  hSetBuffering h LineBuffering
  hPutStrLn h "someone listens"
  fdRead r 100 >>= print
  closeFd r
  a <- try (hPutStrLn h "nobody listens")
  putStrLn (either ioe_description show a)
  print (either (\e -> ioe_type e == ResourceVanished) (const False) a)
  b <- try (hClose h)
  putStrLn (either (\e -> "close: " ++ show (isResourceVanished e)) (const "closed") b)
  (r2, w2) <- createPipe
  closeFd r2
  c <- try (fdWrite w2 "x") :: IO (Either IOException ByteCount)
  putStrLn (either show show c)
  (r3, w3) <- createPipe
  closeFd w3
  d <- try (fdRead r3 10)
  print (either isEOFError (const False) d)
 where
  isResourceVanished e = ioe_type e == ResourceVanished
