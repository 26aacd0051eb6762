{-# LANGUAGE TemplateHaskell #-}
-- SPDX-License-Identifier: BSD-3-Clause
-- The files of an archive that is in the program.
module Site (module HaLVM.FileSystem.Archive, mount) where

import HaLVM.Archive.Embed
import HaLVM.FileSystem.Archive hiding (mount)

mount :: IO FileSystem
mount = mountArchive $(embedFile "site.tar")
