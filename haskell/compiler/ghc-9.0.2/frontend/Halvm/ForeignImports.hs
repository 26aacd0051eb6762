-- SPDX-License-Identifier: BSD-3-Clause
{-# LANGUAGE NamedFieldPuns #-}

-- | The one thing that sets this compiler apart from stock GHC: an @unsafe@
-- foreign import is desugared as a @safe@ one, since any C function may end
-- in a system call, and a system call may re-enter Haskell or block.
--
-- The work is done by GHC's own hook for foreign declarations
-- ('dsForeignsHook'): the typechecked declarations are mended, then handed to
-- the stock desugarer. An import stays @unsafe@ when
--
-- * an argument is an unlifted heap object: the collector may move it while a
--   safe call runs, so C must not hold its address;
-- * the runtime system defines the function: those calls rely on holding the
--   capability, and never end in Haskell;
-- * the function is a proven leaf: no chain of calls leads from it to a system
--   call (list made by halvm-leaf when the sysroot is built).
module Halvm.ForeignImports (installForeignImports) where

import Prelude

import GHC.Core (CoreExpr)
import GHC.Core.Coercion (Coercion, coercionLKind)
import GHC.Core.DataCon (dataConOrigArgTys)
import GHC.Core.Multiplicity (scaledThing)
import GHC.Core.TyCon (isGcPtrRep, tyConDataCons_maybe)
import GHC.Core.Type (Type, isUnliftedType, tyConAppTyCon_maybe)
import GHC.Data.FastString (unpackFS)
import GHC.Data.OrdList (OrdList)
import GHC.Driver.Hooks (Hooks (..))
import GHC.Driver.Session (DynFlags (..), getDynFlags)
import GHC.Driver.Types (ForeignStubs, hsc_dflags)
import GHC.Hs
import GHC.HsToCore.Foreign.Decl (dsForeigns)
import GHC.HsToCore.Monad (DsM)
import GHC.Tc.Utils.Monad (liftIO, updTopEnv)
import GHC.Tc.Utils.TcType (tcSplitForAllVarBndrs, tcSplitFunTys)
import GHC.Types.ForeignCall
import GHC.Types.Id (Id)
import GHC.Types.RepType (typePrimRep)
import GHC.Types.SrcLoc (GenLocated (..), SrcSpan)
import GHC.Utils.Outputable (ppr, showSDoc)

import Halvm.Options

-- | Adds the hook to a session's flags.
installForeignImports :: Options -> DynFlags -> DynFlags
installForeignImports opts df =
  df {hooks = (hooks df) {dsForeignsHook = Just (desugar opts)}}

-- The stock desugarer is only exported with its own look at the hook, so it
-- runs in an environment where the hook is cleared.
desugar
  :: Options
  -> [LForeignDecl GhcTc]
  -> DsM (ForeignStubs, OrdList (Id, CoreExpr))
desugar opts decls = do
  let judged = [(l, d, judge opts d) | L l d <- decls]
  df <- getDynFlags
  liftIO (mapM_ (reportOne df) judged)
  updTopEnv unhook (dsForeigns [L l (obey v d) | (l, d, v) <- judged])
  where
    unhook env =
      let df = hsc_dflags env
       in env {hsc_dflags = df {hooks = (hooks df) {dsForeignsHook = Nothing}}}
    reportOne df (l, d, v) =
      maybe (pure ()) (report opts . reportLine df l d) (verdictText v)

-- | What is done with one foreign declaration.
data Verdict
  = NotOurs           -- ^ an export, a label, a wrapper, a prim call
  | AlreadySafe String
  | MadeSafe String
  | KeptUnsafe String

verdictText :: Verdict -> Maybe String
verdictText v = case v of
  NotOurs -> Nothing
  AlreadySafe why -> Just ("unchanged (" ++ why ++ ")")
  MadeSafe why -> Just ("made safe (" ++ why ++ ")")
  KeptUnsafe why -> Just ("kept unsafe (" ++ why ++ ")")

judge :: Options -> ForeignDecl GhcTc -> Verdict
judge opts ForeignImport
  { fd_i_ext = co
  , fd_fi = CImport (L _ cc) (L _ safety) _ spec@(CFunction target) _
  }
  | cc `notElem` [CCallConv, CApiConv, StdCallConv] = NotOurs
  | PlaySafe <- safety = AlreadySafe "safe"
  | PlayInterruptible <- safety = AlreadySafe "interruptible"
  | (n : _) <- heapArguments co =
      KeptUnsafe ("argument " ++ show n ++ " is a heap object")
  | Just f <- staticName spec, f `isIn` rtsFunctions opts =
      KeptUnsafe "defined by the runtime system"
  | Just f <- staticName spec, f `isIn` leafFunctions opts =
      KeptUnsafe "proven leaf"
  | otherwise = MadeSafe (reason target)
  where
    reason DynamicTarget = "the function is known at run time only"
    reason (StaticTarget _ _ _ False) = "the value is a C expression"
    reason StaticTarget {} = "may reach a system call"
judge _ _ = NotOurs

obey :: Verdict -> ForeignDecl GhcTc -> ForeignDecl GhcTc
obey (MadeSafe _) d@ForeignImport {fd_fi = CImport cc (L l _) h spec src} =
  d {fd_fi = CImport cc (L l PlaySafe) h spec src}
obey _ d = d

-- A value import (`capi "h.h value X"`) names an expression, not a function.
staticName :: CImportSpec -> Maybe String
staticName (CFunction (StaticTarget _ l _ True)) = Just (unpackFS l)
staticName _ = Nothing

-- | Positions, from 1, of the arguments that reach C as heap addresses. The
-- coercion's left side is the type after newtypes are seen through.
heapArguments :: Coercion -> [Int]
heapArguments co = [n | (n, ty) <- zip [1 ..] args, isHeapObject ty]
  where
    (_, rho) = tcSplitForAllVarBndrs (coercionLKind co)
    args = map scaledThing (fst (tcSplitFunTys rho))

-- | Mirrors what the desugarer's @unboxArg@ hands over: the value itself when
-- it is unlifted, else the fields of its only constructor.
isHeapObject :: Type -> Bool
isHeapObject ty
  | isUnliftedType ty = gcPointer ty
  | Just tc <- tyConAppTyCon_maybe ty
  , Just [dc] <- tyConDataCons_maybe tc =
      any (\f -> isUnliftedType f && gcPointer f)
        (map scaledThing (dataConOrigArgTys dc))
  | otherwise = False
  where
    gcPointer = any isGcPtrRep . typePrimRep

reportLine :: DynFlags -> SrcSpan -> ForeignDecl GhcTc -> String -> String
reportLine df l d verdict =
  render (ppr l) ++ ": " ++ render (ppr (fd_name d)) ++ ": " ++ verdict
  where
    render = showSDoc df
