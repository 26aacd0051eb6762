module Detailed (tests) where

import Distribution.TestSuite
import Parts (flags)
import qualified Parts

tests :: IO [Test]
tests = pure [check "name" (take 5 Parts.name == "parts"), check "flags" (length flags < 3)]

check :: String -> Bool -> Test
check what ok = Test instance'
  where
    instance' =
      TestInstance
        { run = pure (Finished (if ok then Pass else Fail what)),
          name = what,
          tags = [],
          options = [],
          setOption = \_ _ -> Right instance'
        }
