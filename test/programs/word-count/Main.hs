-- SPDX-License-Identifier: BSD-3-Clause
-- Shows a real text tool: word frequencies of a text, by options and stdin.
import Data.Char
import Data.List
import qualified Data.Map.Strict as M
import qualified Data.Text as T
import qualified Data.Text.IO as T
import System.Console.GetOpt
import System.Environment
import System.Exit
import System.IO
import Text.Printf

data Opt = Top Int | Min Int | Help deriving (Eq, Show)

options :: [OptDescr Opt]
options =
  [ Option "n" ["top"] (ReqArg (Top . read) "N") "show the N most frequent"
  , Option "m" ["min-length"] (ReqArg (Min . read) "LEN") "words of at least LEN letters"
  , Option "h" ["help"] (NoArg Help) "this text" ]

main :: IO ()
main = do
  args <- getArgs
  case getOpt Permute options args of
    (os, files, []) | Help `notElem` os -> mapM_ (count os) (if null files then ["-"] else files)
    (_, _, es) -> do
      hPutStr stderr (concat es ++ usageInfo "Usage: word-count [OPTION] [FILE]" options)
      exitWith (if null es then ExitSuccess else ExitFailure 2)

count :: [Opt] -> FilePath -> IO ()
count os f = do
  t <- if f == "-" then T.getContents else T.readFile f
  let ws = filter ((>= least) . T.length) (T.split (not . isAlpha) (T.toLower t))
      freq = foldl' (\m w -> M.insertWith (+) w (1 :: Int) m) M.empty ws
      order = sortBy (\(a, x) (b, y) -> compare (y, a) (x, b)) (M.toList freq)
  printf "%s: %d words, %d different, %d lines\n" f (length ws) (M.size freq) (length (T.lines t))
  mapM_ (\(w, n) -> printf "%6d %s\n" n (T.unpack w)) (take top order)
 where
  top = last (10 : [n | Top n <- os])
  least = last (1 : [n | Min n <- os])
