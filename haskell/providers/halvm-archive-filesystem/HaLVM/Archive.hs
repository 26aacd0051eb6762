-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- An archive as a tree of directories.
module HaLVM.Archive
  ( Tree
  , Node (..)
  , Body (..)
  , readArchive
  , treeOf
  ) where

import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.Map.Strict as M
import Data.Word

import HaLVM.Archive.Entry
import HaLVM.Archive.Tar
import HaLVM.Archive.Zip
import HaLVM.Provider.File (Name, Time (..))

-- | The top directory.
type Tree = Node

-- | A file, directory or symbolic link.
data Node = Node
  { about :: !Entry
  , number :: !Word64 -- ^ Not 0; the same one has the same.
  , body :: !Body
  }

instance Eq Node where
  a == b = number a == number b

-- | What is in it.
data Body
  = FileBody !Word64 ByteString
  | DirectoryBody !(M.Map Name Node)
  | LinkBody !ByteString

-- | Of a tar or zip archive, or what is wrong with it.
readArchive :: ByteString -> Either String Tree
readArchive b
  | isZip b = readZip b >>= treeOf
  | isTar b = readTar b >>= treeOf
  | otherwise = Left "neither a tar nor a zip archive"

-- | Later entries take the place of earlier ones. Directories that nobody
-- names are there all the same.
treeOf :: [Entry] -> Either String Tree
treeOf es = foldM place top (zip [2 ..] es)
  where
    top = directory 1 []

directory :: Word64 -> [Name] -> Node
directory n p = Node (Entry p DirectoryEntry' 0o755 0 0 (Time 0)) n
  (DirectoryBody M.empty)

place :: Tree -> (Word64, Entry) -> Either String Tree
place tree (n, e) = do
  node <- case kind e of
    FileEntry s b -> Right (Node e (2 * n) (FileBody s b))
    DirectoryEntry' -> Right (Node e (2 * n) (DirectoryBody M.empty))
    LinkEntry t -> Right (Node e (2 * n) (LinkBody t))
    SameEntry p -> do
      x <- maybe (Left "a link to what isn't there") Right (at p tree)
      case body x of
        DirectoryBody _ -> Left "a link to a directory"
        _ -> Right x
  insert n (path e) node tree

at :: [Name] -> Node -> Maybe Node
at [] n = Just n
at (x : rest) n = case body n of
  DirectoryBody m -> M.lookup x m >>= at rest
  _ -> Nothing

insert :: Word64 -> [Name] -> Node -> Node -> Either String Node
insert n names new old = case (names, body old) of
  ([], DirectoryBody m) -> case body new of
    DirectoryBody _ -> Right new { body = DirectoryBody m, number = number old }
    _ | M.null m && number old /= 1 -> Right new
      | otherwise -> Left "a file in the place of a directory"
  ([], _) -> Right new
  (x : rest, DirectoryBody m) -> do
    -- Implied directories get odd numbers, one for each entry and depth.
    let depth = fromIntegral (length rest)
        fresh = directory (2 * n + 1 + depth * 2 ^ (40 :: Int)) []
    node <- case M.lookup x m of
      Just there -> insert n rest new there
      Nothing | null rest -> Right new
              | otherwise -> insert n rest new fresh
    Right old { body = DirectoryBody (M.insert x node m) }
  _ -> Left "a file in the place of a directory"
