-- SPDX-License-Identifier: BSD-3-Clause
-- Shows filepath, pretty, xhtml, exceptions, Data.Version and Cabal's parsers.
import Control.Monad.Catch
import Data.Version
import Distribution.Parsec (simpleParsec)
import Distribution.Pretty (prettyShow)
import qualified Distribution.Version as C
import Distribution.Types.Dependency (Dependency)
import System.FilePath
import qualified System.FilePath.Windows as W
import Prelude hiding ((<>))
import Text.PrettyPrint
import Text.ParserCombinators.ReadP (readP_to_S)
import qualified Text.XHtml as X

main :: IO ()
main = do
  print ("a/b" </> "c.txt", "a" </> "/abs", "f" <.> "tar.gz", takeBaseName "x/y.tar.gz", splitExtensions "q.a.b")
  print (splitPath "/usr//lib/x", splitDirectories "/a/b/../c", normalise "./a//b/./c", takeDirectory "/a/b/")
  print (replaceExtension "f.hs" "o", isAbsolute "/x", isRelative "x", makeRelative "/a" "/a/b/c", splitSearchPath "x:y::z")
  print (W.splitDrive "c:\\x\\y", W.normalise "c:/a\\b", joinPath ["a", "b"], hasTrailingPathSeparator "a/", equalFilePath "a//b" "a/b")
  let doc = hang (text "function" <+> parens (hsep (punctuate comma (map int [1 .. 5])))) 4
              (vcat [text "line" <+> int i $$ nest 2 (sep [text "alpha", text "beta" <> semi]) | i <- [1, 2]])
  putStrLn (render doc)
  putStrLn (renderStyle style { lineLength = 30 } (fsep (map text (words "a paragraph that must be filled into lines that are short enough to fit"))))
  putStrLn (renderStyle style { mode = OneLineMode } doc)
  putStr (X.prettyHtml (X.body X.<< [X.h1 X.<< "Title & <tag>", X.p X.! [X.theclass "c"] X.<< "text", X.anchor X.! [X.href "x?a=1&b=2"] X.<< "\955"]))
  print (showVersion (makeVersion [1, 2, 3]), [v | (v, "") <- readP_to_S parseVersion "4.15.1.0"])
  print (fmap prettyShow (simpleParsec "base >=4.14 && <4.16 || ==5.*" :: Maybe Dependency))
  print (fmap (C.withinRange (C.mkVersion [1, 2])) (simpleParsec "^>=1.2" :: Maybe C.VersionRange))
  r <- try (throwM (userError "monadic")) :: IO (Either IOError ())
  print r
  print (throwM (userError "in Maybe") :: Maybe Int)
  (do { _ <- generalBracket (putStrLn "acquire") (\_ e -> putStrLn (case e of { ExitCaseSuccess _ -> "ok"; ExitCaseException x -> "failed: " ++ show x; ExitCaseAbort -> "abort" })) (\_ -> throwM (userError "body")); pure () })
    `catchAll` (putStrLn . ("caught " ++) . show)
