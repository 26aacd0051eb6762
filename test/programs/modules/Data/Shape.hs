-- SPDX-License-Identifier: BSD-3-Clause
module Data.Shape (Shape (..), area, module Data.Maybe) where
import Data.Maybe
data Shape = Square Double | Disc Double
area :: Shape -> Double
area (Square a) = a * a
area (Disc r) = 3 * r * r
