-- SPDX-License-Identifier: BSD-3-Clause
-- Shows Storable by hand: a C struct with padding, arrays of it, nested memory,
-- alignment, pools, byte order.
import Control.Monad
import Data.Int
import Data.Word
import Foreign
import Foreign.C

data Item = Item { tag :: Word8, weight :: Double, count :: Int32, name :: String } deriving (Eq, Show)

-- struct item { uint8_t tag; double weight; int32_t count; char name[12]; }
instance Storable Item where
  sizeOf _ = 32
  alignment _ = 8
  peek p = Item <$> peekByteOff p 0 <*> peekByteOff p 8 <*> peekByteOff p 16 <*> peekCString (p `plusPtr` 20)
  poke p (Item t w c n) = do
    fillBytes p 0 32
    pokeByteOff p 0 t
    pokeByteOff p 8 w
    pokeByteOff p 16 c
    withCStringLen (take 11 n) (\(s, k) -> copyBytes (p `plusPtr` 20) s k)

foreign import ccall unsafe "item_size" c_itemSize :: CSize
foreign import ccall unsafe "item_total" c_itemTotal :: Ptr Item -> CSize -> IO Double
foreign import ccall unsafe "item_make" c_itemMake :: CInt -> IO (Ptr Item)
foreign import ccall unsafe "&item_free" p_itemFree :: FunPtr (Ptr Item -> IO ())

main :: IO ()
main = do
  print (fromIntegral c_itemSize == sizeOf (undefined :: Item))
  let items = [Item (fromIntegral i) (1.5 * fromIntegral i) (-i) ("item" ++ show i) | i <- [1 .. 5]]
  withArrayLen items $ \n p -> do
    c_itemTotal p (fromIntegral n) >>= print
    ys <- peekArray n p
    print (ys == items)
    moveArray (p `advancePtr` 1) p 3
    peekElemOff p 3 >>= print
  fp <- c_itemMake 7 >>= newForeignPtr p_itemFree
  withForeignPtr fp peek >>= print
  withForeignPtr fp (\p -> poke p (Item 9 0 0 "changed!") >> c_itemTotal p 1) >>= print
  withPool $ \pool -> do
    a <- pooledNewArray pool [1 .. 10 :: Int16]
    b <- pooledMalloc pool :: IO (Ptr Word64)
    poke b 0x0102030405060708
    bytes <- peekArray 8 (castPtr b :: Ptr Word8)
    shorts <- peekArray 10 a
    print (bytes, sum shorts)
  alloca $ \p -> with (0x41424344 :: Word32) $ \q -> do
    poke p q
    r <- peek p
    peek (castPtr r) >>= \c -> print (castCCharToChar c)
  allocaBytesAligned 64 64 $ \p -> print ((p `minusPtr` nullPtr) `mod` 64, alignPtr (nullPtr `plusPtr` 5) 8 == (nullPtr `plusPtr` 8 :: Ptr ()))
  g <- mallocForeignPtrArray 100 :: IO (ForeignPtr CInt)
  withForeignPtr g $ \p -> forM_ [0 .. 99] (\i -> pokeElemOff p i (fromIntegral (i * i))) >> peekElemOff p 99 >>= print
  z <- callocBytes 16 :: IO (Ptr Word8)
  z' <- reallocBytes z 4096
  peekArray 16 z' >>= print . sum
  free z'
  print (sizeOf (0 :: CLong), sizeOf nullPtr, alignment (0 :: CShort), sizeOf (0 :: CWchar), maybeNull nullPtr)
 where
  maybeNull p = if p == (nullPtr :: Ptr ()) then "null" else "not null"
