-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the environment: read, set, unset, unicode and empty values.
import Control.Exception
import Data.List (sort)
import System.Environment
import qualified System.Posix.Env as P

main :: IO ()
main = do
  mapM_ (\n -> lookupEnv n >>= print)
    ["PLAIN", "EMPTY", "UNI\955", "EQUALS", "LINES", "ABSENT", "LANG"]
  setEnv "NEW" "value"
  getEnv "NEW" >>= putStrLn
  setEnv "NEW" "other \955"
  getEnv "NEW" >>= putStrLn
  setEnv "NEW" ""
  lookupEnv "NEW" >>= print
  unsetEnv "PLAIN"
  lookupEnv "PLAIN" >>= print
  r <- try (getEnv "ABSENT") :: IO (Either IOException String)
  print r
  s <- try (setEnv "A=B" "x") :: IO (Either IOException ())
  print s
  t <- try (setEnv "" "x") :: IO (Either IOException ())
  print t
  P.setEnv "EMPTY" "posix" False
  P.getEnv "EMPTY" >>= print
  P.setEnv "EMPTY" "posix" True
  P.getEnvDefault "EMPTY" "default" >>= print
  P.putEnv "PUT=1"
  getEnv "PUT" >>= putStrLn
  P.setEnvironment [("ONLY", "one"), ("AND", "two")]
  getEnvironment >>= print . sort
  P.clearEnv
  getEnvironment >>= print
