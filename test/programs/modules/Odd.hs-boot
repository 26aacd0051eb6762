module Odd (odd') where
odd' :: Int -> Bool
