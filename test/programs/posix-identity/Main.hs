-- SPDX-License-Identifier: BSD-3-Clause
-- Shows ids, times, limits, host facts: by their properties only.
import Control.Exception
import System.Posix
import System.Posix.Unistd
import System.Posix.Resource
import System.IO

main :: IO ()
main = do
  u <- getRealUserID
  e <- getEffectiveUserID
  g <- getRealGroupID
  print (u == e, g >= 0)
  p <- getProcessID
  q <- getProcessID
  print (p == q, p > 0)
  s <- getSystemID
  print (not (null (systemName s)), not (null (machine s)))
  t <- getProcessTimes
  print (userTime t >= 0, elapsedTime t > 0)
  ticks <- getSysVar ClockTick
  print ticks
  l <- getResourceLimit ResourceOpenFiles
  print (positive (softLimit l), positive (hardLimit l))
  setResourceLimit ResourceCoreFileSize (ResourceLimits (ResourceLimit 0) (ResourceLimit 0))
  getResourceLimit ResourceCoreFileSize >>= \c -> print (softLimit c == ResourceLimit 0)
  old <- nice'
  print old
  a <- queryTerminal stdInput
  print a
  r <- try (getUserEntryForName "no-such-user-at-all")
  putStrLn (either (\x -> "absent" ++ take 0 (show (x :: IOException))) (const "present") r)
  b <- usleep 1000
  print b
  nanosleep 1000000
  sleep 0 >>= print
  m <- epochTime
  print (m > 1500000000)
 where
  positive (ResourceLimit n) = n > 0
  positive _ = True
  nice' = try (nice 0) >>= \r -> pure (either (\x -> const False (x :: IOException)) (const True) r)
