-- SPDX-License-Identifier: BSD-3-Clause
-- Shows the C library's time zones through TZ: offsets, names and summer time.
import Control.Monad
import Data.Time
import System.Environment

foreign import ccall unsafe "time.h tzset" c_tzset :: IO ()

main :: IO ()
main = forM_ zones $ \z -> do
  setEnv "TZ" z
  c_tzset
  putStrLn z
  forM_ [fromGregorian 2021 1 15, fromGregorian 2021 7 15] $ \d -> do
    tz <- getTimeZone (UTCTime d 43200)
    print (tz, timeZoneMinutes tz, timeZoneSummerOnly tz, timeZoneName tz)
    l <- utcToLocalZonedTime (UTCTime d 43200)
    putStrLn (formatTime defaultTimeLocale "  %F %T %z %Z" l)
  -- the hour that is there twice, and the one that is not there
  forM_ [3600 * h | h <- [0, 1, 2]] $ \s ->
    getTimeZone (UTCTime (fromGregorian 2021 10 31) s) >>= print
 where
  zones = [ "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0"
          , "<+0530>-5:30", "NZST-12NZDT,M9.5.0,M4.1.0/3" ]
