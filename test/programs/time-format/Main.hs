-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Data.Time: calendars, formatting, parsing, arithmetic, locales.
import Data.Time
import Data.Time.Calendar.Easter
import Data.Time.Calendar.Julian
import Data.Time.Calendar.MonthDay
import Data.Time.Calendar.OrdinalDate
import Data.Time.Calendar.WeekDate
import Data.Time.Clock.POSIX
import Data.Time.Format.ISO8601

main :: IO ()
main = do
  let day = fromGregorian 2024 2 29
      t = UTCTime day (12 * 3600 + 34 * 60 + 56.789012345678)
      fmt = formatTime defaultTimeLocale
  print t
  mapM_ (\f -> putStrLn (f ++ " => " ++ fmt f t))
    [ "%Y-%m-%d %H:%M:%S", "%a %A %b %B", "%j %U %V %u %w", "%I %p %l"
    , "%q %Q", "%s", "%D %F %T %R", "%e|%-d|%_5d|%03d", "%Z %z", "%C%y %G %%" ]
  print (diffDays (fromGregorian 2000 1 1) (fromGregorian 1970 1 1))
  print [addGregorianMonthsClip n day | n <- [-1, 1, 12, 48]]
  print [addGregorianYearsRollOver n day | n <- [-1, 1, 4]]
  print (map isLeapYear [1900, 2000, 2023, 2024], gregorianMonthLength 2023 2)
  print (toWeekDate day, toOrdinalDate day, toJulian day, dayOfWeek day)
  print [gregorianEaster y | y <- [1999 .. 2003]]
  print (dayOfYearToMonthAndDay True 60, fromOrdinalDate 2021 366)
  print (parseTimeM True defaultTimeLocale "%Y-%m-%d %H:%M:%S%Q %z"
          "2001-02-03 04:05:06.75 +0130" :: Maybe UTCTime)
  print (parseTimeM True defaultTimeLocale "%d %B %Y" " 31 February 2001"
          :: Maybe Day)
  print (parseTimeM False defaultTimeLocale "%H:%M" "25:00" :: Maybe TimeOfDay)
  print (utcTimeToPOSIXSeconds t, posixSecondsToUTCTime (-1.5))
  print (diffUTCTime t (UTCTime (fromGregorian 2024 2 28) 0))
  print (addUTCTime (nominalDay * 1000.5) t)
  print (utcToLocalTime (hoursToTimeZone 5) t, timeToTimeOfDay 86400.5)
  print (timeOfDayToDayFraction (TimeOfDay 6 0 0), midday)
  putStrLn (iso8601Show t)
  print (iso8601ParseM "2024-02-29T01:02:03Z" :: Maybe UTCTime)
  print (read "1858-11-17 00:00:00 UTC" == UTCTime (ModifiedJulianDay 0) 0)
