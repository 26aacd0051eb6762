-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What "HaLVM.FileSystem" talks about.
module HaLVM.Provider.File
  ( Name
  , FileType (..)
  , Mode
  , Access (..), canRead, canWrite
  , Time (..)
  , DirectoryEntry (..)
  , FileStatus (..)
  , Replace (..)
  , Space (..)
  ) where

import Data.ByteString (ByteString)
import Data.Int
import Data.Word

-- | One component of a path: 1 to 255 bytes without @\/@ and NUL, and neither
-- @.@ nor @..@.
type Name = ByteString

-- | What a node is. It remains that for its life.
data FileType = RegularFile | Directory | SymbolicLink
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | The 12 bits of permissions of @chmod@.
type Mode = Word32

-- | What a file is opened for.
data Access = ReadOnly | WriteOnly | ReadWrite
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | May one read what is opened so?
canRead :: Access -> Bool
canRead = (/= WriteOnly)

-- | May one write what is opened so?
canWrite :: Access -> Bool
canWrite = (/= ReadOnly)

-- | Nanoseconds since 1970-01-01 00:00 UTC.
newtype Time = Time Int64
  deriving (Eq, Ord, Show)

-- | A name in a directory. The number is that of 'statusInode'.
data DirectoryEntry = DirectoryEntry
  { entryName :: !Name
  , entryType :: !FileType
  , entryInode :: !Word64
  } deriving (Eq, Ord, Show)

-- | What @stat@ tells, but for the type.
data FileStatus = FileStatus
  { statusInode :: !Word64
    -- ^ Not 0, and no other node's while this one exists.
  , statusLinks :: !Word64
    -- ^ Names of a file; for a directory 2 and one for each directory in it,
    -- or just 1.
  , statusMode :: !Mode
  , statusOwner, statusGroup :: !Word32
  , statusSize :: !Word64
    -- ^ In bytes; of a symbolic link the length of its text.
  , statusAllocated :: !Word64
    -- ^ The bytes that it takes.
  , statusAccessed, statusModified, statusChanged :: !Time
  } deriving (Eq, Show)

-- | What if the new name exists?
data Replace
  = Replace    -- ^ It is replaced.
  | NoReplace  -- ^ @EEXIST@.
  | Exchange   -- ^ The two change places; both must exist.
  deriving (Eq, Ord, Show, Enum, Bounded)

-- | What @statvfs@ tells.
data Space = Space
  { spaceBlockSize :: !Word64
  , spaceBlocks, spaceFreeBlocks :: !Word64
  , spaceFiles, spaceFreeFiles :: !Word64
  , spaceReadOnly :: !Bool
  } deriving (Eq, Show)
