module Dep (depVersion) where

import Data.Version (showVersion)
import Paths_dep (version)

depVersion :: String
depVersion = showVersion version
