-- SPDX-License-Identifier: BSD-3-Clause
-- Shows seeking in a file from its start, its end and from here, setting its
-- size, holes, hTell and buffered reads around seeks.
import System.IO

main :: IO ()
main = withBinaryFile "seek.bin" ReadWriteMode $ \h -> do
  mapM_ (hSetBuffering h) [BlockBuffering (Just 16)]
  hPutStr h (concatMap show [0 .. 99 :: Int])
  hTell h >>= print
  hSeek h AbsoluteSeek 10
  get 6 h
  hSeek h RelativeSeek (-3)
  get 3 h
  hSeek h SeekFromEnd (-4)
  get 4 h
  hIsEOF h >>= print
  hSeek h AbsoluteSeek 50
  hPutStr h "########"
  hSeek h AbsoluteSeek 45
  get 18 h
  hSetFileSize h 60
  hFileSize h >>= print
  hSeek h AbsoluteSeek 70
  hPutStr h "end"
  hFlush h
  hFileSize h >>= print
  hSeek h AbsoluteSeek 58
  get 15 h
  p <- hGetPosn h
  hSeek h AbsoluteSeek 0
  c <- hLookAhead h
  hTell h >>= \t -> print (c, t)
  hSetPosn p
  hTell h >>= print
 where
  get n h = mapM (const (hGetChar h)) [1 .. n :: Int] >>= print
