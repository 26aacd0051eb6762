-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- Paths: @.@, @..@ and symbolic links.
--
-- A walk keeps the directories that it came through, so @..@ goes back where
-- it came from, and from the top it stays there: nothing leads out.
module HaLVM.Bridge.Path
  ( Found (..)
  , Follow (..)
  , walk
  ) where

import Data.ByteString (ByteString)
import qualified Data.ByteString.Char8 as B
import qualified Data.List.NonEmpty as NE
import Data.List.NonEmpty (NonEmpty (..), (<|))

import HaLVM.FileSystem
import HaLVM.Provider.Error
import HaLVM.Provider.File

-- | Where a path leads.
data Found
  = At !(NonEmpty Node)
    -- ^ The path ends in @.@ or @..@, or has no component: a directory, and
    -- those above it.
  | Entry !(NonEmpty Node) !Name !(Maybe Node)
    -- ^ A name in a directory, and what has it.

-- | Is a symbolic link followed at the path's end?
data Follow = Follow | NoFollow
  deriving (Eq)

-- Linux's limits.
mostLinks, longestName :: Int
mostLinks = 40
longestName = 255

-- | Walks a path from the root. @ENOENT@, @ENOTDIR@, @ELOOP@, @ENAMETOOLONG@;
-- that the last component isn't there is no error here.
walk :: FileSystem -> Follow -> ByteString -> IO Found
walk fs follow path = do
  top <- root fs
  go fs follow mostLinks (top :| []) (components path)

components :: ByteString -> [ByteString]
components = filter (not . B.null) . B.split '/'

go :: FileSystem -> Follow -> Int -> NonEmpty Node -> [ByteString] -> IO Found
go _ _ _ here [] = return (At here)
go fs follow links here (c : rest)
  | c == B.pack "." = go fs follow links here rest
  | c == B.pack ".." = go fs follow links (up here) rest
  | B.length c > longestName = failWith eNAMETOOLONG "walk"
  | otherwise = lookupNode fs (NE.head here) c >>= step
  where
    step Nothing
      | null rest = return (Entry here c Nothing)
      | otherwise = failWith eNOENT "walk"
    step (Just n) = case nodeType n of
      SymbolicLink | not (null rest) || follow == Follow -> do
        if links == 0 then failWith eLOOP "walk" else return ()
        text <- readLink fs n
        if B.null text then failWith eNOENT "walk" else return ()
        let from = if B.head text == '/' then NE.last here :| [] else here
        go fs follow (links - 1) from (components text ++ slash text ++ rest)
      _ | null rest -> return (Entry here c (Just n))
      Directory -> go fs follow links (n <| here) rest
      _ -> failWith eNOTDIR "walk"
    -- "a/" is a directory.
    slash text = [B.pack "." | null rest, B.last text == '/']

up :: NonEmpty Node -> NonEmpty Node
up here = maybe here id (snd (NE.uncons here))
