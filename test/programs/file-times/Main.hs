-- SPDX-License-Identifier: BSD-3-Clause
-- Shows modification and access times: set, read back, ordering, touch.
import Data.Time
import System.Directory
import System.Posix.Files

at :: Integer -> DiffTime -> UTCTime
at days = UTCTime (addDays days (fromGregorian 2001 2 3))

main :: IO ()
main = do
  writeFile "f" "x"
  before <- getModificationTime "f"
  now <- getCurrentTime
  print (abs (diffUTCTime now before) < 60)
  setModificationTime "f" (at 0 (4 * 3600 + 5 * 60 + 6.789))
  getModificationTime "f" >>= print
  setAccessTime "f" (at 365 0)
  getAccessTime "f" >>= print
  getModificationTime "f" >>= print
  setFileTimes "f" 1000000000 1500000000
  s <- getFileStatus "f"
  print (accessTime s, modificationTime s)
  setFileTimesHiRes "f" 1.5 2.25
  t <- getFileStatus "f"
  print (accessTimeHiRes t, modificationTimeHiRes t)
  writeFile "f" "y"
  after <- getModificationTime "f"
  print (after >= before)
  createDirectory "d"
  setModificationTime "d" (at (-20000) 1)
  getModificationTime "d" >>= print
  touchFile "f"
  touched <- getModificationTime "f"
  print (touched >= after)
