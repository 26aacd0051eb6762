-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- An implementation of "HaLVM.FileSystem" that reads a tar or zip archive. It
-- is @\/archive@ of the target below, or the file that @HALVM_ARCHIVE@ names.
--
-- For one that is in the program, make a module of your own:
--
-- > module Site (module HaLVM.FileSystem.Archive, mount) where
-- > import HaLVM.Archive.Embed
-- > import HaLVM.FileSystem.Archive hiding (mount)
-- >
-- > mount :: IO FileSystem
-- > mount = mountArchive $(embedFile "site.tar")
module HaLVM.FileSystem.Archive
  ( FileSystem, Node, File
  , mount, root, nodeType, nodeStatus, space
  , lookupNode, listDirectory, createFile, createDirectory
  , createSymbolicLink, createLink, removeFile, removeDirectory, rename
  , readLink, setMode, setOwner, setTimes
  , open, close, readAt, writeAt, append, setSize, sync
    -- * Beside the signature
  , mountArchive
  ) where

import Control.Exception
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.Map.Strict as M
import Data.Maybe (fromMaybe)
import Data.Word
import System.Environment (lookupEnv)

import HaLVM.Archive
import qualified HaLVM.Archive.Entry as E
import HaLVM.Provider.Below
import HaLVM.Provider.Error
import HaLVM.Provider.File

-- | An archive.
data FileSystem = FileSystem !Node !(M.Map Word64 Word64) !Word64

-- | A file's contents.
newtype File = File ByteString

-- | Reads the archive; all calls fail with @EIO@ if it isn't one.
mount :: IO FileSystem
mount = do
  path <- fromMaybe "/archive" <$> lookupEnv "HALVM_ARCHIVE"
  belowReadFile path >>= mountArchive

-- | The files of these bytes.
mountArchive :: ByteString -> IO FileSystem
mountArchive b = case readArchive b of
  Left e -> ioError (userError ("archive: " ++ e))
  Right t -> return $! FileSystem t (M.fromListWith (+) (names t))
    (fromIntegral (B.length b))

-- The number of each name's node.
names :: Node -> [(Word64, Word64)]
names n = (number n, 1) : case body n of
  DirectoryBody m -> concatMap names (M.elems m)
  _ -> []

-- | The top.
root :: FileSystem -> IO Node
root (FileSystem t _ _) = return t

-- | By its body.
nodeType :: Node -> FileType
nodeType n = case body n of
  FileBody _ _ -> RegularFile
  DirectoryBody _ -> Directory
  LinkBody _ -> SymbolicLink

-- | As in the archive.
nodeStatus :: FileSystem -> Node -> IO FileStatus
nodeStatus (FileSystem _ links _) n = return FileStatus
  { statusInode = number n
  , statusLinks = if nodeType n == Directory then directories + 2
      else M.findWithDefault 1 (number n) links
  , statusMode = E.mode e, statusOwner = E.owner e, statusGroup = E.group e
  , statusSize = size, statusAllocated = size
  , statusAccessed = E.modified e, statusModified = E.modified e
  , statusChanged = E.modified e }
  where
    e = about n
    (size, directories) = case body n of
      FileBody s _ -> (s, 0)
      LinkBody t -> (fromIntegral (B.length t), 0)
      DirectoryBody m -> (0, fromIntegral
        (length (filter ((== Directory) . nodeType) (M.elems m))))

-- | Full.
space :: FileSystem -> IO Space
space (FileSystem _ links n) = return
  (Space 512 ((n + 511) `div` 512) 0 (fromIntegral (M.size links)) 0 True)

-- | In the tree.
lookupNode :: FileSystem -> Node -> Name -> IO (Maybe Node)
lookupNode _ d name = return $ case body d of
  DirectoryBody m -> M.lookup name m
  _ -> Nothing

-- | The tree's.
listDirectory :: FileSystem -> Node -> IO [DirectoryEntry]
listDirectory _ d = return $ case body d of
  DirectoryBody m ->
    [DirectoryEntry x (nodeType n) (number n) | (x, n) <- M.toList m]
  _ -> []

-- | The text.
readLink :: FileSystem -> Node -> IO ByteString
readLink _ n = case body n of
  LinkBody t -> return t
  _ -> failWith eINVAL "readLink"

readOnly :: IO a
readOnly = failWith eROFS "archive"

-- | @EROFS@, as all that would change something.
createFile :: FileSystem -> Node -> Name -> Mode -> IO Node
createFile _ _ _ _ = readOnly

-- | @EROFS@.
createDirectory :: FileSystem -> Node -> Name -> Mode -> IO ()
createDirectory _ _ _ _ = readOnly

-- | @EROFS@.
createSymbolicLink :: FileSystem -> Node -> Name -> ByteString -> IO ()
createSymbolicLink _ _ _ _ = readOnly

-- | @EROFS@.
createLink :: FileSystem -> Node -> Node -> Name -> IO ()
createLink _ _ _ _ = readOnly

-- | @EROFS@.
removeFile :: FileSystem -> Node -> Name -> IO ()
removeFile _ _ _ = readOnly

-- | @EROFS@.
removeDirectory :: FileSystem -> Node -> Name -> IO ()
removeDirectory _ _ _ = readOnly

-- | @EROFS@.
rename :: FileSystem -> Replace -> Node -> Name -> Node -> Name -> IO ()
rename _ _ _ _ _ _ = readOnly

-- | @EROFS@.
setMode :: FileSystem -> Node -> Mode -> IO ()
setMode _ _ _ = readOnly

-- | @EROFS@.
setOwner :: FileSystem -> Node -> Maybe Word32 -> Maybe Word32 -> IO ()
setOwner _ _ _ _ = readOnly

-- | @EROFS@.
setTimes :: FileSystem -> Node -> Maybe Time -> Maybe Time -> IO ()
setTimes _ _ _ _ = readOnly

-- | Unpacks it; @EIO@ if that fails.
open :: FileSystem -> Node -> Access -> IO File
open _ n a
  | canWrite a = readOnly
  | otherwise = case body n of
      FileBody _ b -> File <$> evaluate b
      _ -> failWith eISDIR "open"

-- | Nothing is to be done.
close :: File -> IO ()
close _ = return ()

-- | A part of it.
readAt :: File -> Word64 -> Int -> IO ByteString
readAt (File b) at' n
  | at' >= fromIntegral (B.length b) = return B.empty
  | otherwise = return (B.take n (B.drop (fromIntegral at') b))

-- | @EROFS@.
writeAt :: File -> Word64 -> ByteString -> IO Int
writeAt _ _ _ = readOnly

-- | @EROFS@.
append :: File -> ByteString -> IO (Int, Word64)
append _ _ = readOnly

-- | @EROFS@.
setSize :: File -> Word64 -> IO ()
setSize _ _ = readOnly

-- | Nothing is to be done.
sync :: File -> Bool -> IO ()
sync _ _ = return ()
