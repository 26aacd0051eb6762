-- SPDX-License-Identifier: BSD-3-Clause
-- Shows C calling Haskell: wrappers, dynamic, exports, FunPtr tables, nested
-- and numerous callbacks.
import Control.Monad
import Data.IORef
import Foreign
import Foreign.C

type Compare = Ptr CInt -> Ptr CInt -> IO CInt
type Step = CInt -> IO CInt
type Mixed = CInt -> CDouble -> CChar -> Ptr () -> Int64 -> CFloat -> CInt -> CInt -> CDouble -> IO CDouble

foreign import ccall "wrapper" mkCompare :: Compare -> IO (FunPtr Compare)
foreign import ccall "wrapper" mkStep :: Step -> IO (FunPtr Step)
foreign import ccall "wrapper" mkMixed :: Mixed -> IO (FunPtr Mixed)
foreign import ccall "dynamic" callStep :: FunPtr Step -> Step
foreign import ccall "dynamic" callD :: FunPtr (CDouble -> CDouble) -> CDouble -> CDouble
foreign import ccall "stdlib.h qsort" c_qsort :: Ptr CInt -> CSize -> CSize -> FunPtr Compare -> IO ()
foreign import ccall safe "iterate_step" c_iterate :: FunPtr Step -> CInt -> CInt -> IO CInt
foreign import ccall safe "call_mixed" c_mixed :: FunPtr Mixed -> IO CDouble
foreign import ccall safe "call_export" c_callExport :: CInt -> IO CInt
foreign import ccall unsafe "get_triple" c_getTriple :: IO (FunPtr Step)
foreign import ccall "&cbrt" p_cbrt :: FunPtr (CDouble -> CDouble)
foreign export ccall haskellFactorial :: CInt -> IO CInt

haskellFactorial :: CInt -> IO CInt
haskellFactorial 0 = pure 1
haskellFactorial n = (n *) <$> c_callExport (n - 1)

main :: IO ()
main = do
  cmp <- mkCompare (\p q -> do { x <- peek p; y <- peek q; pure (fromIntegral (fromEnum (compare x y) - 1)) })
  let xs = take 100 (iterate (\x -> (x * 7919 + 13) `mod` 1009) 5)
  sorted <- withArrayLen xs (\n p -> c_qsort p (fromIntegral n) 4 cmp >> peekArray n p)
  print (take 10 sorted, and (zipWith (<=) sorted (tail sorted)))
  freeHaskellFunPtr cmp
  count <- newIORef (0 :: Int)
  inc <- mkStep (\n -> modifyIORef' count (+ 1) >> pure (n + 2))
  c_iterate inc 1000 5 >>= print
  readIORef count >>= print
  callStep inc 40 >>= print
  m <- mkMixed (\a b ch p i f x y d -> do
    print (a, b, ch, p == nullPtr, i, f, x, y, d)
    pure (realToFrac a + b + d))
  c_mixed m >>= print
  c_callExport 10 >>= print
  t <- c_getTriple
  callStep t 14 >>= print
  print (round (callD p_cbrt 27) :: Int)
  -- A callback that makes callbacks.
  nested <- mkStep (\n -> if n <= 0 then pure 1 else do
    f <- mkStep (\k -> pure (k * 2))
    v <- c_iterate f 3 n
    freeHaskellFunPtr f
    pure v)
  c_iterate nested 4 1 >>= print
  many <- forM [1 .. 300] (\i -> mkStep (pure . (+ i)))
  sum <$> mapM (`callStep` 0) many >>= print
  mapM_ freeHaskellFunPtr many
  print (castFunPtrToPtr nullFunPtr == nullPtr, nested == nullFunPtr)
