-- SPDX-License-Identifier: BSD-3-Clause
-- Shows RTS options: refused, unknown, from GHCRTS, set at the link.
import System.Environment
import GHC.RTS.Flags

main :: IO ()
main = do
  getArgs >>= print
  f <- getGCFlags
  print (minAllocAreaSize f, maxHeapSize f)
