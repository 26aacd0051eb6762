-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What "HaLVM.Console" talks about.
module HaLVM.Provider.Console
  ( Stream (..)
  , WindowSize (..)
  ) where

import Data.Word

-- | The descriptors 0, 1 and 2 as the program finds them at its start.
data Stream = Input | Output | ErrorOutput
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | The size of a terminal's window.
data WindowSize = WindowSize
  { windowRows, windowColumns :: !Word16
  , windowWidth, windowHeight :: !Word16 -- ^ in pixels, 0 if unknown
  } deriving (Eq, Show)
