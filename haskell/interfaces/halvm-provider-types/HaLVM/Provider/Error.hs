-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- How a provider says no. The program below sees the error number that the
-- exception carries, and makes of it the 'IOError' it makes of a system
-- call's.
--
-- Exceptions of other kinds count as follows: an 'IOError' without a number by
-- its type ('System.IO.Error.doesNotExistErrorType' is @ENOENT@ …), stack or
-- heap overflow as @ENOMEM@, a thread that is blocked for ever as @EDEADLK@,
-- anything else as @EIO@.
module HaLVM.Provider.Error
  ( failWith
  , errnoOf
  , module Foreign.C.Error
  ) where

import Control.Exception
import Foreign.C.Error
  ( Errno (..), e2BIG, eACCES, eADDRINUSE, eADDRNOTAVAIL, eAFNOSUPPORT, eAGAIN
  , eALREADY, eBADF, eBUSY, eCONNABORTED, eCONNREFUSED, eCONNRESET, eDEADLK
  , eDESTADDRREQ, eDQUOT, eEXIST, eFBIG, eHOSTDOWN, eHOSTUNREACH, eILSEQ
  , eINPROGRESS, eINTR, eINVAL, eIO, eISCONN, eISDIR, eLOOP, eMFILE, eMLINK
  , eMSGSIZE, eNAMETOOLONG, eNETDOWN, eNETUNREACH, eNOBUFS, eNODEV, eNOENT
  , eNOMEM, eNOPROTOOPT, eNOSPC, eNOSYS, eNOTCONN, eNOTDIR, eNOTEMPTY
  , eNOTSOCK, eNOTTY, eNXIO, eOPNOTSUPP, ePERM, ePIPE, ePROTO
  , ePROTONOSUPPORT, ePROTOTYPE, eROFS, eSPIPE, eSTALE, eTIMEDOUT, eXDEV
  , errnoToIOError )
import GHC.IO.Exception

-- | The call ends with this error; the text says where it comes from, for
-- those who see the exception in Haskell.
failWith :: Errno -> String -> IO a
failWith number place = ioError (errnoToIOError place number Nothing Nothing)

-- | The error that an exception of a provider stands for.
errnoOf :: SomeException -> Errno
errnoOf e
  | Just io <- fromException e = maybe (ofType (ioe_type io)) Errno
      (ioe_errno io)
  | Just a <- fromException e = ofAsync a
  | Just AllocationLimitExceeded <- fromException e = eNOMEM
  | Just BlockedIndefinitelyOnMVar <- fromException e = eDEADLK
  | Just BlockedIndefinitelyOnSTM <- fromException e = eDEADLK
  | Just NonTermination <- fromException e = eDEADLK
  | otherwise = eIO

ofAsync :: AsyncException -> Errno
ofAsync StackOverflow = eNOMEM
ofAsync HeapOverflow = eNOMEM
ofAsync ThreadKilled = eIO
ofAsync UserInterrupt = eIO

ofType :: IOErrorType -> Errno
ofType t = case t of
  AlreadyExists -> eEXIST
  NoSuchThing -> eNOENT
  ResourceBusy -> eBUSY
  ResourceExhausted -> eNOSPC
  IllegalOperation -> ePERM
  PermissionDenied -> eACCES
  UnsatisfiedConstraints -> eNOTEMPTY
  ProtocolError -> ePROTO
  UnsupportedOperation -> eOPNOTSUPP
  TimeExpired -> eTIMEDOUT
  ResourceVanished -> ePIPE
  Interrupted -> eINTR
  InvalidArgument -> eINVAL
  InappropriateType -> eNOTDIR
  _ -> eIO
