-- SPDX-License-Identifier: BSD-3-Clause

-- | Flags of the form @-fhalvm-…@, taken out of the command line before GHC
-- parses it, and the lists of C functions that the sysroot comes with.
module Halvm.Options
  ( Options
  , takeOptions
  , isIn
  , leafFunctions
  , rtsFunctions
  , report
  , complain
  ) where

import Prelude

import Control.Exception (IOException, try)
import Data.List (isPrefixOf, partition, stripPrefix)
import Data.Maybe (mapMaybe)
import qualified Data.Set as Set
import System.Exit (ExitCode (..), exitWith)
import System.IO
import System.IO.Unsafe (unsafeInterleaveIO)

-- | Names of C functions; read from disk when first asked for.
type Names = Set.Set String

data Options = Options
  { leafFunctions :: Names
    -- ^ proven to reach no system call
  , rtsFunctions :: Names
    -- ^ defined by the runtime system
  , report :: String -> IO ()
    -- ^ takes one line about one import
  }

isIn :: String -> Names -> Bool
isIn = Set.member

-- | Splits the command line in our options and GHC's. The lists stand in the
-- sysroot, which is the folder above GHC's own (@-B@).
takeOptions :: [String] -> IO (Options, [String])
takeOptions args = do
  let (ours, theirs) = partition ("-fhalvm-" `isPrefixOf`) args
      libdir = last ("." : mapMaybe (stripPrefix "-B") theirs)
      shared name = libdir ++ "/../share/" ++ name
      extra = mapMaybe (stripPrefix "-fhalvm-leaf-list=") ours
  mapM_ unknown (filter (not . known) ours)
  leaves <- mapM namesIn (shared "leaf-functions" : extra)
  rts <- namesIn (shared "rts-functions")
  sink <- reporter ours
  pure (Options (Set.unions leaves) rts sink, theirs)
  where
    known f = f == "-fhalvm-ffi-report"
      || any (`isPrefixOf` f) ["-fhalvm-ffi-report=", "-fhalvm-leaf-list="]
    unknown f = complain ("unrecognised flag: " ++ f
      ++ " (known: -fhalvm-ffi-report[=FILE], -fhalvm-leaf-list=FILE)")

-- | One name a line, @#@ starts a comment.
namesIn :: FilePath -> IO Names
namesIn file = unsafeInterleaveIO $ do
  r <- try (withFile file ReadMode slurp) :: IO (Either IOException String)
  case r of
    Left e -> complain ("cannot read a list of C functions: " ++ show e)
    Right s -> pure (Set.fromList (filter (not . skip) (lines s)))
  where
    skip l = null l || "#" `isPrefixOf` l
    slurp h = do
      hSetEncoding h utf8
      s <- hGetContents h
      length s `seq` pure s

-- | Where the report goes: nowhere, standard error, or the end of a file, so
-- that many runs of one build write one report.
reporter :: [String] -> IO (String -> IO ())
reporter ours = case filter ("-fhalvm-ffi-report" `isPrefixOf`) ours of
  [] -> pure (\_ -> pure ())
  fs -> case stripPrefix "-fhalvm-ffi-report=" (last fs) of
    Nothing -> pure (hPutStrLn stderr)
    Just file -> pure (\l -> appendTo file (l ++ "\n"))
  where
    appendTo file s = do
      r <- try (appendFile file s) :: IO (Either IOException ())
      either (\e -> complain ("cannot write the report: " ++ show e)) pure r

-- | Ends the compiler.
complain :: String -> IO a
complain s = do
  hPutStrLn stderr ("halvm-ghc: error: " ++ s)
  exitWith (ExitFailure 1)
