{-# LANGUAGE TemplateHaskell #-}
-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- A file's bytes in the program.
module HaLVM.Archive.Embed
  ( embedFile
  ) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Internal as BI
import qualified Data.ByteString.Unsafe as BU
import Language.Haskell.TH
import Language.Haskell.TH.Syntax
import System.IO.Unsafe (unsafePerformIO)

-- | @$(embedFile \"site.tar\") :: ByteString@; the module is compiled anew
-- when the file has changed. The path is relative to where the compiler runs,
-- which is the package's folder.
embedFile :: FilePath -> Q Exp
embedFile path = do
  addDependentFile path
  b <- runIO (B.readFile path)
  let (p, from, n) = BI.toForeignPtr b
      bytes = mkBytes p (fromIntegral from) (fromIntegral n)
  [| unsafePerformIO
       (BU.unsafePackAddressLen n $(litE (bytesPrimL bytes))) |]
