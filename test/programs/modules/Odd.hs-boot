-- SPDX-License-Identifier: BSD-3-Clause
module Odd (odd') where
odd' :: Int -> Bool
