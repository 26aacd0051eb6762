module Counter (count) where

import Store

count :: [Int] -> String
count xs = describe ++ ": " ++ show (total (foldr put empty xs))
