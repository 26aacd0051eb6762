module Parts.Inner (inner) where

inner :: String
inner = "an inner library"
