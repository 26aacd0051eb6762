-- SPDX-License-Identifier: BSD-3-Clause
{-# LANGUAGE CPP #-}
module Preprocessed (branch, answer) where
#include "answer.h"

branch :: String
#if defined(linux_HOST_OS) && defined(x86_64_HOST_ARCH) && MIN_VERSION_base(4,15,0)
branch = "linux on x86-64, base 4.15 or later, GHC " ++ show (__GLASGOW_HASKELL__ :: Int)
#else
branch = "elsewhere"
#endif

answer :: Int
answer = ANSWER
