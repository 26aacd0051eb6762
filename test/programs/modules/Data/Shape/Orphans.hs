-- SPDX-License-Identifier: BSD-3-Clause
{-# OPTIONS_GHC -Wno-orphans #-}
module Data.Shape.Orphans () where
import Data.Shape
instance Show Shape where
  show (Square a) = "a square of side " ++ show a
  show (Disc r) = "a disc of radius " ++ show r
