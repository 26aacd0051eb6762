module Store.Number where

type Store = Int

empty :: Store
empty = 0

put :: Int -> Store -> Store
put = (+)

total :: Store -> Int
total = id

describe :: String
describe = "a number"
