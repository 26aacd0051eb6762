-- SPDX-License-Identifier: BSD-3-Clause
module Odd (odd') where
import Even (even')
odd' :: Int -> Bool
odd' 0 = False
odd' n = even' (n - 1)
