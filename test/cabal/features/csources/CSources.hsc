{-# LANGUAGE ForeignFunctionInterface #-}

-- | The C of this package; an .hsc module.
module CSources
  ( addAll,
    root,
    kindOf,
    layout,
  )
where

import Foreign
import Foreign.C

#include <stddef.h>
#include "sum.h"

foreign import ccall unsafe "sum_add" c_add
  :: Ptr () -> CInt -> IO CLong

foreign import ccall unsafe "sum_root" c_root :: CDouble -> CDouble

-- | The sum, as the C code sees it: its start is a macro of cc-options.
addAll :: Bool -> [Int] -> IO Int
addAll squares xs =
  allocaBytes #{size struct sum_state} $ \p -> do
    fillBytes p 0 #{size struct sum_state}
    #{poke struct sum_state, kind} p (kindOf squares)
    mapM_ (c_add p . fromIntegral) xs
    total <- #{peek struct sum_state, total} p
    pure (fromIntegral (total :: CLong))

kindOf :: Bool -> CChar
kindOf squares
  | squares = #{const SUM_SQUARES}
  | otherwise = #{const SUM_PLAIN}

root :: Double -> Double
root = realToFrac . c_root . realToFrac

-- | Size and offsets of the C structure.
layout :: [Int]
layout =
  [ #{size struct sum_state},
    #{offset struct sum_state, count},
    #{offset struct sum_state, kind}
  ]
