{-# LANGUAGE CPP #-}

module Parts (flags, name) where

import Parts.Inner (inner)

name :: String
name = "parts with " ++ inner

-- | What the flags made of it.
flags :: [String]
flags =
  concat
    [ [],
#ifdef LOUD
      ["loud"],
#endif
#ifdef ABSENT
      ["absent"],
#endif
      []
    ]
