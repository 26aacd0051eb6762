-- SPDX-License-Identifier: BSD-3-Clause

-- | Template Haskell, @-e@ and @--interactive@ run code that is compiled for
-- musl-halvm. The compiler is a program of the host's libc, so it never loads
-- that code itself, but always has ghc-iserv do it. Plugins would have to be
-- loaded into the compiler, so there are none.
module Halvm.Interpreter
  ( installInterpreter
  , checkInterpreter
  , noFrontendPlugin
  ) where

import Prelude

import Control.Monad (unless)
import GHC.Driver.Hooks (Hooks (..))
import GHC.Driver.Session
import GHC.Unit.Module (moduleNameString)
import System.Environment (getEnvironment)
import System.Process (CreateProcess (..), ProcessHandle, createProcess)

import Halvm.Options (complain)

-- | Makes the external interpreter the default.
installInterpreter :: DynFlags -> DynFlags
installInterpreter df =
  (df `gopt_set` Opt_ExternalInterpreter)
    {hooks = (hooks df) {createIservProcessHook = Just start}}

-- The interpreter is a program for the linux target, and the host's: to answer
-- as a unikernel would is not wanted of it.
start :: CreateProcess -> IO ProcessHandle
start p = do
  vars <- filter ((/= "HALVM_STRICT") . fst) <$> getEnvironment
  (_, _, _, ph) <- createProcess p {env = Just vars}
  pure ph

-- | To be called with the flags that the command line gave.
checkInterpreter :: DynFlags -> IO ()
checkInterpreter df = do
  mapM_ (refuse . ("-fplugin=" ++) . moduleNameString) (pluginModNames df)
  unless (gopt Opt_ExternalInterpreter df) $
    refuse "-fno-external-interpreter"

noFrontendPlugin :: IO a
noFrontendPlugin = refuse "--frontend"

refuse :: String -> IO a
refuse option = complain $
  option ++ ": code can't be loaded into the compiler, as what it compiles "
    ++ "is for another C library than its own. Leave the option away: "
    ++ "splices, -e and --interactive work without, plugins don't"
