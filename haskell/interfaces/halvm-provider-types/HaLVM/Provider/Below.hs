-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- What is below a provider: the target's own console and files, which no
-- provider answers for. A provider that uses 'System.IO.stderr' or 'readFile'
-- instead asks a provider, maybe itself; what comes of it is told in the
-- provider author's guide.
--
-- Nothing here takes the lock of a 'System.IO.Handle'.
module HaLVM.Provider.Below
  ( Descriptor
  , belowConsole
  , belowRead
  , belowWrite
  , belowWritable
  , belowPut
  , belowReadFile
  ) where

import Control.Concurrent (threadWaitWrite)
import Control.Exception (bracket)
import Control.Monad (unless)
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.ByteString.Internal as BI
import qualified Data.ByteString.Unsafe as BU
import Data.Int
import Data.Word
import Foreign.C
import Foreign.Ptr
import HaLVM.Provider.Console
import System.Posix.Types (Fd (..))

-- | A descriptor of the target's own.
type Descriptor = Fd

foreign import ccall safe "halvm_types_console"
  c_console :: CInt -> IO CInt

foreign import ccall safe "halvm_types_open"
  c_open :: CString -> IO CInt

foreign import ccall safe "halvm_types_read"
  c_read :: CInt -> Ptr Word8 -> CSize -> IO Int64

foreign import ccall safe "halvm_types_write"
  c_write :: CInt -> Ptr CChar -> CSize -> IO Int64

foreign import ccall safe "halvm_types_writable"
  c_writable :: CInt -> IO CInt

foreign import ccall safe "halvm_types_close"
  c_close :: CInt -> IO CInt

check :: Integral n => String -> IO n -> IO n
check place act = do
  r <- act
  if r < 0
    then ioError (errnoToIOError place (Errno (negate (fromIntegral r)))
           Nothing Nothing)
    else return r

-- | A new descriptor for a stream of the target's console.
belowConsole :: Stream -> IO Descriptor
belowConsole s =
  Fd <$> check "belowConsole" (c_console (fromIntegral (fromEnum s)))

-- | At most so many bytes; none at the end. Waits for them: ask
-- 'Control.Concurrent.threadWaitRead' before.
belowRead :: Descriptor -> Int -> IO ByteString
belowRead (Fd d) n = BI.createAndTrim n $ \p ->
  fromIntegral <$> check "belowRead" (c_read d p (fromIntegral n))

-- | How many bytes of it were written.
belowWrite :: Descriptor -> ByteString -> IO Int
belowWrite (Fd d) b = BU.unsafeUseAsCStringLen b $ \(p, n) ->
  fromIntegral <$> check "belowWrite" (c_write d p (fromIntegral n))

-- | Would a write of at most 4096 bytes not wait now?
belowWritable :: Descriptor -> IO Bool
belowWritable (Fd d) = (/= 0) <$> check "belowWritable" (c_writable d)

-- | Writes all of it; other Haskell threads go on while it waits.
belowPut :: Descriptor -> ByteString -> IO ()
belowPut d b = unless (B.null b) $ do
  free <- belowWritable d
  unless free (threadWaitWrite d)
  n <- belowWrite d (B.take 4096 b)
  belowPut d (B.drop n b)

-- | The contents of a file of the target's own.
belowReadFile :: FilePath -> IO ByteString
belowReadFile path = bracket open close (go [])
  where
    open = Fd <$> check ("belowReadFile " ++ path) (withCString path c_open)
    close (Fd d) = c_close d
    go acc d = do
      b <- belowRead d 65536
      if B.null b then return (B.concat (reverse acc)) else go (b : acc) d
