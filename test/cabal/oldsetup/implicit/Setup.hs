import Distribution.Simple
import System.Directory (doesFileExist)

main :: IO ()
main =
  defaultMainWithHooks
    simpleUserHooks
      { preConf = \args flags -> do
          there <- doesFileExist "Main.hs"
          if there
            then preConf simpleUserHooks args flags
            else fail "not in the package's folder"
      }
