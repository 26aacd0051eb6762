-- Shows exitWith (ExitFailure 42), with what was buffered still written.
import System.Exit
import System.IO

main :: IO ()
main = do
  hSetBuffering stdout (BlockBuffering (Just 4096))
  putStr "buffered, no newline"
  _ <- exitWith (ExitFailure 42)
  putStrLn "never"
