-- SPDX-License-Identifier: BSD-3-Clause
{-# LANGUAGE GADTs #-}

-- | The interpreter has the sysroot's libraries inside: the code that it loads
-- finds their functions by name (symbols.c). So what the compiler asks it to
-- load is left out if it is one of them; a second copy would take seconds, and
-- have an own 'System.IO.stdout' that no one flushes.
module BuiltIn (skipBuiltIn) where

import Control.Exception (IOException, try)
import qualified Data.Map as Map
import Foreign
import Foreign.C
import GHCi.Message
import System.Environment (getExecutablePath)
import System.FilePath
import System.Posix.Files

foreign import ccall "&halvm_built_in" builtIn :: Ptr CChar

-- | Paths below the sysroot: strings up to an empty one.
builtInPaths :: IO [FilePath]
builtInPaths = go builtIn
  where
    go p = do
      s <- peekCString p
      if null s then pure [] else (s :) <$> go (p `plusPtr` (length s + 1))

-- | Takes a message of the compiler's, gives what is to be done instead.
skipBuiltIn :: IO (Msg -> IO Msg)
skipBuiltIn = do
  exe <- getExecutablePath
  paths <- builtInPaths
  let sysroot = iterate takeDirectory exe !! 3
      files = Map.fromList [(takeFileName p, sysroot </> p) | p <- paths]
  pure $ \msg -> case msg of
    Msg (LoadArchive f) -> unlessOurs files f msg
    Msg (LoadObj f) -> unlessOurs files f msg
    _ -> pure msg

-- Another file of the same name is none of ours. 'InitLinker', done long ago,
-- answers as loading does: with nothing.
unlessOurs :: Map.Map FilePath FilePath -> FilePath -> Msg -> IO Msg
unlessOurs files f msg = case Map.lookup (takeFileName f) files of
  Nothing -> pure msg
  Just ours -> do
    same <- sameFile ours f
    pure (if same then Msg InitLinker else msg)

sameFile :: FilePath -> FilePath -> IO Bool
sameFile a b = do
  r <- try (mapM getFileStatus [a, b]) :: IO (Either IOException [FileStatus])
  pure $ case fmap (map (\s -> (deviceID s, fileID s))) r of
    Right [x, y] -> x == y
    _ -> False
