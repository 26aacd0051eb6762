-- SPDX-License-Identifier: BSD-3-Clause
module Even (even') where
import {-# SOURCE #-} Odd (odd')
even' :: Int -> Bool
even' 0 = True
even' n = odd' (n - 1)
