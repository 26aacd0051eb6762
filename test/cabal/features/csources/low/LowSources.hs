{-# LANGUAGE GHCForeignImportPrim #-}
{-# LANGUAGE MagicHash #-}
{-# LANGUAGE UnliftedFFITypes #-}

-- | The assembly and Cmm of this package.
module LowSources (times2, times3) where

import Foreign.C
import GHC.Exts

foreign import ccall unsafe "twice" c_twice :: CLong -> CLong

foreign import prim "three" three# :: Word# -> Word#

times3 :: Word -> Word
times3 (W# w) = W# (three# w)

times2 :: Int -> Int
times2 = fromIntegral . c_twice . fromIntegral
