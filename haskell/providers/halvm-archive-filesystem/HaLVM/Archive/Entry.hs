-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What is in an archive, whatever its format.
module HaLVM.Archive.Entry
  ( Entry (..)
  , Kind (..)
  , entryPath
  ) where

import Data.ByteString (ByteString)
import qualified Data.ByteString.Char8 as B
import Data.Word

import HaLVM.Provider.File (Mode, Name, Time)

-- | One entry.
data Entry = Entry
  { path :: [Name] -- ^ From the top; empty for the top itself.
  , kind :: !Kind
  , mode :: !Mode
  , owner, group :: !Word32
  , modified :: !Time
  } deriving (Eq, Show)

-- | What it is.
data Kind
  = FileEntry !Word64 ByteString
    -- ^ Its size and its contents, which may have to be unpacked, and throw if
    -- that fails.
  | DirectoryEntry'
  | LinkEntry !ByteString -- ^ A symbolic link's text.
  | SameEntry [Name]      -- ^ A hard link, to an entry before it.
  deriving (Eq, Show)

-- | The components of a path. None leads out of the archive.
entryPath :: ByteString -> Either String [Name]
entryPath p
  | B.length p > 4096 = Left "a path of more than 4096 bytes"
  | B.elem '\0' p = Left "a path with NUL"
  | any (== B.pack "..") names = Left ("a path with ..: " ++ show p)
  | any ((> 255) . B.length) names = Left "a name of more than 255 bytes"
  | otherwise = Right names
  where
    names = filter (`notElem` [B.empty, B.pack "."]) (B.split '/' p)
