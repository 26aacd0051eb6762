-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the eventlog RTS: the log is written, its header and trailer are there.
import qualified Data.ByteString.Char8 as B
import Debug.Trace
import System.Mem

main :: IO ()
main = do
  traceEventIO "an event"
  traceMarkerIO "a marker"
  print (sum [1 .. 100000 :: Integer])
  performMajorGC
  b <- B.readFile "trace.eventlog"
  print (B.take 4 b)
