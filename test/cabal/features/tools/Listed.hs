{-# OPTIONS_GHC -F -pgmF gentool -optF listed #-}

module Listed (listed) where

-- list: one
-- list: two

