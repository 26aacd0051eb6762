module Parts.Open (open) where

import Parts.Inner (inner)

open :: String
open = "open, above " ++ inner
