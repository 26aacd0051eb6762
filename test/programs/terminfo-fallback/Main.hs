-- SPDX-License-Identifier: BSD-3-Clause
-- Shows terminfo: the entries of common terminals, and one that nobody knows.
import Control.Exception
import Control.Monad
import System.Console.Terminfo

main :: IO ()
main = do
  forM_ ["xterm", "vt100", "linux", "screen", "dumb"] $ \n -> do
    t <- setupTerm n
    print (n, getCapability t termColors, getCapability t autoRightMargin)
    print (fmap (const ()) (getCapability t clearScreen'), fmap (const ()) (getCapability t (moveUp' :: Capability (Int -> TermOutput))))
    print (tiGetOutput1 t "bold", tiGetStr' t "el", tiGetNum' t "it")
  r <- try (setupTerm "no-such-terminal-at-all")
  putStrLn (either (\e -> show (e :: SetupTermError)) (const "known?") r)
 where
  clearScreen' = clearScreen :: Capability (LinesAffected -> TermOutput)
  moveUp' = moveUp
  tiGetOutput1 t s = getCapability t (tiGetStr s)
  tiGetStr' t s = getCapability t (tiGetStr s)
  tiGetNum' t s = getCapability t (tiGetNum s)
