module Main (main) where

import Distribution.PackageDescription
import Distribution.Simple
import Distribution.Simple.BuildPaths (autogenComponentModulesDir)
import Distribution.Simple.LocalBuildInfo
import Distribution.Simple.Program (gccProgram, lookupProgram, programPath)
import System.Directory (createDirectoryIfMissing)
import System.FilePath (takeFileName, (</>))

-- Cabal's internals, as Setups use them: components, their folders, programs.
main :: IO ()
main =
  defaultMainWithHooks
    simpleUserHooks
      { buildHook = \pkg lbi hooks flags -> do
          text <- readFile "words.txt"
          withExeLBI pkg lbi $ \_ clbi -> do
            let dir = autogenComponentModulesDir lbi clbi
            createDirectoryIfMissing True dir
            writeFile (dir </> "Words_custom.hs") (wordsModule lbi text)
          buildHook simpleUserHooks pkg lbi hooks flags
      }

wordsModule :: LocalBuildInfo -> String -> String
wordsModule lbi text =
  unlines
    [ "module Words_custom (listed, compiler, cc) where",
      "listed :: [String]",
      "listed = " ++ show (lines text),
      "compiler, cc :: String",
      "compiler = " ++ show (showCompilerId (compiler lbi)),
      "cc = "
        ++ show
          ( maybe "" (takeFileName . programPath) $
              lookupProgram gccProgram (withPrograms lbi)
          )
    ]
