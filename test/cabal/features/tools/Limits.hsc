module Limits (bufsiz, longBits, wide) where

import Data.Int

#include <limits.h>
#include <stdio.h>
#include <wchar.h>

-- | Not what the host's C library has: musl's.
bufsiz :: Int
bufsiz = #{const BUFSIZ}

longBits :: Int
longBits = #{const sizeof(long) * CHAR_BIT}

wide :: #{type wchar_t} -> Int
wide = fromIntegral
