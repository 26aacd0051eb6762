-- SPDX-License-Identifier: BSD-3-Clause
-- Shows StableName, StablePtr, Data.Unique and reallyUnsafePtrEquality's kin.
import Control.Monad
import Data.IORef
import Data.List (nub)
import Data.Unique
import Foreign.Ptr
import Foreign.StablePtr
import System.Mem
import System.Mem.StableName

main :: IO ()
main = do
  let x = [1, 2, 3 :: Int]
  _ <- pure $! length x
  a <- makeStableName x
  performMajorGC
  b <- makeStableName x
  print (a == b, hashStableName a == hashStableName b)
  r <- newIORef 'r'
  s <- newIORef 'r'
  n <- makeStableName r
  m <- makeStableName s
  print (n == m, eqStableName a n)
  ps <- forM [1 .. 1000 :: Int] (newStablePtr . show)
  performMajorGC
  let qs = map (castPtrToStablePtr . castStablePtrToPtr) ps :: [StablePtr String]
  strings <- mapM deRefStablePtr qs
  print (length (concat strings), strings !! 499)
  print (all (/= nullPtr) (map castStablePtrToPtr ps))
  mapM_ freeStablePtr ps
  us <- replicateM 500 newUnique
  print (length (nub us), and (zipWith (<) us (tail us)), length (nub (map hashUnique us)))
  readIORef r >>= print
  readIORef s >>= print
