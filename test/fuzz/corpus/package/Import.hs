foreign import ccall unsafe "f_1" f :: Int
