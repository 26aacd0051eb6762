module Store.List where

newtype Store = Store [Int]

empty :: Store
empty = Store []

put :: Int -> Store -> Store
put x (Store xs) = Store (x : xs)

total :: Store -> Int
total (Store xs) = sum xs

describe :: String
describe = "a list"
