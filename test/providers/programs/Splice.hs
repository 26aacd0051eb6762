{-# LANGUAGE TemplateHaskell #-}
-- SPDX-License-Identifier: BSD-3-Clause
-- | A splice has the packages of its program loaded, the bridge among them.
module Main (main) where

import Language.Haskell.TH

main :: IO ()
main = putStrLn $(runIO (putStrLn "compiling") >>
  litE (stringL (show (product [1 .. 20 :: Integer]))))
