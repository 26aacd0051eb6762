module Shared () where

foreign export ccall answer :: IO Int

answer :: IO Int
answer = pure 42
