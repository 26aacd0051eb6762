-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the order of stdout and stderr under each buffering mode, both going
-- to one file.
import System.IO

main :: IO ()
main = do
  hGetBuffering stdout >>= hPrint stderr
  hGetBuffering stderr >>= hPrint stderr
  mapM_ try [ BlockBuffering Nothing, LineBuffering, NoBuffering
            , BlockBuffering (Just 10) ]
  hSetBuffering stdout (BlockBuffering Nothing)
  putStrLn "last line, flushed at exit"
  hPutStrLn stderr "stderr comes first"
 where
  try mode = do
    hFlush stdout
    hSetBuffering stdout mode
    m <- hGetBuffering stdout
    hPutStrLn stderr ("--- " ++ show (m == mode, m))
    putStr "out1 "
    hPutStr stderr "err1 "
    putStr "out2\n"
    hPutStr stderr "err2\n"
    putStrLn "out3 is a longer line"
    hPutStrLn stderr "err3"
    hSetBuffering stderr LineBuffering
    hPutStr stderr "held "
    putStr "out4"
    hPutStrLn stderr "back"
    hSetBuffering stderr NoBuffering
