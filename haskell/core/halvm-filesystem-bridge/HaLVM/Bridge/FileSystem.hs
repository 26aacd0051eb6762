-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- The module that fills @HaLVM.FileSystem@ answers for the program's files.
module HaLVM.Bridge.FileSystem () where

import Control.Exception (evaluate, throwIO, try)
import Control.Monad
import Data.Bits
import Data.ByteString (ByteString)
import qualified Data.ByteString as B
import qualified Data.IntMap.Strict as M
import Data.Int
import Data.IORef
import Data.List.NonEmpty (NonEmpty (..))
import qualified Data.List.NonEmpty as NE
import Data.Word
import Foreign.C.String (CString)
import Foreign.Ptr
import Foreign.Storable
import System.IO.Unsafe (unsafePerformIO)

import HaLVM.Bridge.Call
import HaLVM.Bridge.Handles
import HaLVM.Bridge.Path
import HaLVM.FileSystem
import HaLVM.Provider.Error
import HaLVM.Provider.File

fileSystem :: FileSystem
fileSystem = unsafePerformIO mount
{-# NOINLINE fileSystem #-}

-- It is mounted here, not where a transaction comes upon it.
served :: String -> Call -> IO Int64 -> IO ()
served what c act = answer what c (evaluate fileSystem >> act)

served_ :: String -> Call -> IO () -> IO ()
served_ what c act = served what c (0 <$ act)

-- | What a handle stands for.
data Opened = Opened
  { openNode :: !Node
  , openParent :: !Node -- ^ For "..".
  , openAs :: !As
  }

data As
  = AsFile !Access !File
  | AsDirectory !(IORef (Maybe (M.IntMap DirectoryEntry)))
    -- ^ The entries as they were when the program began to read them.
  | AsPath -- ^ O_PATH: only its status is asked.

handles :: Handles Opened
handles = unsafePerformIO newHandles
{-# NOINLINE handles #-}

-- * Paths

type Path = CString

located :: Follow -> Path -> IO Found
located follow p = B.packCString p >>= walk fileSystem follow

following :: Int32 -> Follow
following 0 = NoFollow
following _ = Follow

-- The node that a path leads to, and the directory that it is in.
existing :: Found -> IO (Node, Node)
existing (At here@(n :| _)) = return (n, above here)
existing (Entry (d :| _) _ (Just n)) = return (n, d)
existing _ = failWith eNOENT "path"

above :: NonEmpty Node -> Node
above (n :| up) = case up of
  [] -> n
  p : _ -> p

nodeAt :: Follow -> Path -> IO Node
nodeAt follow p = fst <$> (located follow p >>= existing)

-- * Opening

openFlags :: (Word32, Word32, Word32, Word32, Word32, Word32, Word32)
openFlags =
  (0o100, 0o200, 0o1000, 0o200000, 0o400000, 0o10000000, 0o20000000)

foreign export ccall halvm_bridge_files_open
  :: Call -> Path -> Word32 -> Word32 -> Ptr Word64 -> IO ()

halvm_bridge_files_open
  :: Call -> Path -> Word32 -> Word32 -> Ptr Word64 -> IO ()
halvm_bridge_files_open c p flags mode made =
  served_ "HaLVM.FileSystem.open" c $ do
    when (flags .&. temporary /= 0) (failWith eOPNOTSUPP "open")
    access <- case flags .&. 3 of
      0 -> return ReadOnly
      1 -> return WriteOnly
      2 -> return ReadWrite
      _ -> failWith eINVAL "open"
    path <- B.packCString p
    o <- openPath path flags mode access
    enter handles (const o) >>= poke made
  where
    (_, _, _, _, _, _, temporary) = openFlags

openPath :: ByteString -> Word32 -> Word32 -> Access -> IO Opened
openPath path flags mode access = do
  found <- walk fileSystem follow path
  case found of
    Entry (d :| _) name Nothing | on creat -> do
      when (on directory) (failWith eINVAL "open")
      -- Somebody else may have made it meanwhile.
      r <- tryErrno eEXIST (createFile fileSystem d name (mode .&. 0o7777))
      case r of
        Just n -> opened n d
        Nothing | on excl -> failWith eEXIST "open"
                | otherwise -> openPath path flags mode access
    _ -> do
      (n, d) <- existing found
      when (on creat && on excl) (failWith eEXIST "open")
      openNodeAs n d
  where
    (creat, excl, trunc, directory, noFollow, pathOnly, _) = openFlags
    on f = flags .&. f /= 0
    follow | on noFollow || on creat && on excl = NoFollow
           | otherwise = Follow
    openNodeAs n d
      | on directory && nodeType n /= Directory = failWith eNOTDIR "open"
      | on pathOnly = return (Opened n d AsPath)
      | otherwise = case nodeType n of
          SymbolicLink -> failWith eLOOP "open"
          Directory
            | canWrite access || on creat -> failWith eISDIR "open"
            | otherwise -> Opened n d . AsDirectory <$> newIORef Nothing
          RegularFile -> do
            o <- opened n d
            case openAs o of
              AsFile _ f | on trunc && canWrite access -> setSize f 0
              _ -> return ()
            return o
    opened n d = Opened n d . AsFile access <$> open fileSystem n access

-- Nothing if it ends with that error.
tryErrno :: Errno -> IO a -> IO (Maybe a)
tryErrno e act = do
  r <- try act
  case r of
    Right x -> return (Just x)
    Left x | errnoOf x == e -> return Nothing
           | otherwise -> throwIO x

foreign export ccall halvm_bridge_files_close :: Call -> Handle -> IO ()

halvm_bridge_files_close :: Call -> Handle -> IO ()
halvm_bridge_files_close c h = served_ "HaLVM.FileSystem.close" c $ do
  o <- remove handles h
  case openAs o of
    AsFile _ f -> close f
    _ -> return ()

-- * Contents

fileOf :: (Access -> Bool) -> Errno -> Handle -> IO File
fileOf may refusal h = do
  o <- find handles h
  case openAs o of
    AsFile a f | may a -> return f
               | otherwise -> failWith refusal "access"
    AsDirectory _ -> failWith eISDIR "access"
    AsPath -> failWith eBADF "access"

foreign export ccall halvm_bridge_files_read
  :: Call -> Handle -> Ptr Word8 -> Int -> Word64 -> IO ()

halvm_bridge_files_read
  :: Call -> Handle -> Ptr Word8 -> Int -> Word64 -> IO ()
halvm_bridge_files_read c h to n at = served "HaLVM.FileSystem.readAt" c $ do
  f <- fileOf canRead eBADF h
  if n == 0 then return 0 else readAt f at n >>= copyOut to n

foreign export ccall halvm_bridge_files_write
  :: Call -> Handle -> Ptr Word8 -> Int -> Ptr Word64 -> IO ()

halvm_bridge_files_write
  :: Call -> Handle -> Ptr Word8 -> Int -> Ptr Word64 -> IO ()
halvm_bridge_files_write c h from n pAt =
  served "HaLVM.FileSystem.writeAt" c $ do
    f <- fileOf canWrite eBADF h
    at <- peek pAt
    if n == 0 then return 0 else do
      b <- copyIn from n
      if at == maxBound
        then do
          (m, end) <- append f b
          poke pAt end
          return (fromIntegral m)
        else do
          when (at > fromIntegral (maxBound :: Int64)) (failWith eFBIG "write")
          m <- min n <$> writeAt f at b
          poke pAt (at + fromIntegral m)
          return (fromIntegral m)

foreign export ccall halvm_bridge_files_truncate
  :: Call -> Handle -> Word64 -> IO ()

halvm_bridge_files_truncate :: Call -> Handle -> Word64 -> IO ()
halvm_bridge_files_truncate c h size =
  served_ "HaLVM.FileSystem.setSize" c $ do
    f <- fileOf canWrite eINVAL h
    when (size > fromIntegral (maxBound :: Int64)) (failWith eFBIG "setSize")
    setSize f size

foreign export ccall halvm_bridge_files_sync :: Call -> Handle -> Int32 -> IO ()

halvm_bridge_files_sync :: Call -> Handle -> Int32 -> IO ()
halvm_bridge_files_sync c h onlyData = served_ "HaLVM.FileSystem.sync" c $ do
  o <- find handles h
  case openAs o of
    AsFile _ f -> sync f (onlyData /= 0)
    AsDirectory _ -> return ()
    AsPath -> failWith eBADF "sync"

-- * Status

type StatusPtr = Ptr Word64

pokeStatus :: StatusPtr -> Node -> IO ()
pokeStatus p n = do
  s <- nodeStatus fileSystem n
  let format = case nodeType n of
        RegularFile -> 0o100000
        Directory -> 0o040000
        SymbolicLink -> 0o120000
      at o = (p `plusPtr` o)
      time o (Time t) = poke (at o) t
  poke (at 0) (statusInode s)
  poke (at 8) (statusLinks s)
  poke (at 16) (statusMode s .&. 0o7777 .|. format)
  poke (at 20) (statusOwner s)
  poke (at 24) (statusGroup s)
  poke (at 28) (0 :: Word32)
  poke (at 32) (statusSize s)
  poke (at 40) ((statusAllocated s + 511) `div` 512)
  time 48 (statusAccessed s)
  time 56 (statusModified s)
  time 64 (statusChanged s)

foreign export ccall halvm_bridge_files_status
  :: Call -> Handle -> StatusPtr -> IO ()

halvm_bridge_files_status :: Call -> Handle -> StatusPtr -> IO ()
halvm_bridge_files_status c h p = served_ "HaLVM.FileSystem.nodeStatus" c $ do
  o <- find handles h
  pokeStatus p (openNode o)

foreign export ccall halvm_bridge_files_path_status
  :: Call -> Path -> Int32 -> StatusPtr -> IO ()

halvm_bridge_files_path_status :: Call -> Path -> Int32 -> StatusPtr -> IO ()
halvm_bridge_files_path_status c path follow p =
  served_ "HaLVM.FileSystem.nodeStatus" c $
    nodeAt (following follow) path >>= pokeStatus p

foreign export ccall halvm_bridge_files_space :: Call -> Ptr Word64 -> IO ()

halvm_bridge_files_space :: Call -> Ptr Word64 -> IO ()
halvm_bridge_files_space c p = served_ "HaLVM.FileSystem.space" c $ do
  s <- space fileSystem
  zipWithM_ (pokeElemOff p) [0 ..]
    [ spaceBlockSize s, spaceBlocks s, spaceFreeBlocks s, spaceFiles s
    , spaceFreeFiles s ]
  poke (p `plusPtr` 40) (255 :: Word32)
  poke (p `plusPtr` 44) (if spaceReadOnly s then 1 else 0 :: Word32)

-- * Directories

foreign export ccall halvm_bridge_files_list
  :: Call -> Handle -> Word64 -> Ptr Word8 -> Int -> IO ()

halvm_bridge_files_list
  :: Call -> Handle -> Word64 -> Ptr Word8 -> Int -> IO ()
halvm_bridge_files_list c h at to n =
  served "HaLVM.FileSystem.listDirectory" c $ do
    o <- find handles h
    case openAs o of
      AsDirectory r -> do
        es <- entries o r (at == 0)
        let (_, here, after) = M.splitLookup (fromIntegral at) es
            rest = maybe id (\e -> ((fromIntegral at, e) :)) here
              (M.toAscList after)
        put 0 rest
      AsPath -> failWith eBADF "list"
      AsFile _ _ -> failWith eNOTDIR "list"
  where
    put done [] = return (fromIntegral done)
    put done ((k, e) : more)
      | done + entrySize e <= n =
          pokeEntry (to `plusPtr` done) k e >> put (done + entrySize e) more
      | done == 0 = failWith eINVAL "list"
      | otherwise = return (fromIntegral done)

entries :: Opened -> IORef (Maybe (M.IntMap DirectoryEntry)) -> Bool
        -> IO (M.IntMap DirectoryEntry)
entries o r anew = do
  old <- readIORef r
  case old of
    Just es | not anew -> return es
    _ -> do
      self <- nodeStatus fileSystem (openNode o)
      parent <- nodeStatus fileSystem (openParent o)
      es <- listDirectory fileSystem (openNode o)
      let dot name s = DirectoryEntry (B.replicate name 46) Directory
            (statusInode s)
          new = M.fromDistinctAscList
            (zip [0 ..] (dot 1 self : dot 2 parent : es))
      new <$ writeIORef r (Just new)

-- struct linux_dirent64: number, place of the next, length, type, name, NUL
entrySize :: DirectoryEntry -> Int
entrySize e = (19 + B.length (entryName e) + 1 + 7) .&. complement 7

pokeEntry :: Ptr Word8 -> Int -> DirectoryEntry -> IO ()
pokeEntry p k e = do
  poke (castPtr p) (entryInode e)
  poke (p `plusPtr` 8) (fromIntegral k + 1 :: Int64)
  poke (p `plusPtr` 16) (fromIntegral (entrySize e) :: Word16)
  poke (p `plusPtr` 18) (kind (entryType e))
  _ <- copyOut (p `plusPtr` 19) maxBound (entryName e)
  forM_ [19 + B.length (entryName e) .. entrySize e - 1] $ \i ->
    pokeElemOff p i 0
  where
    kind :: FileType -> Word8
    kind Directory = 4
    kind RegularFile = 8
    kind SymbolicLink = 10

foreign export ccall halvm_bridge_files_make_directory
  :: Call -> Path -> Word32 -> IO ()

halvm_bridge_files_make_directory :: Call -> Path -> Word32 -> IO ()
halvm_bridge_files_make_directory c p mode =
  served_ "HaLVM.FileSystem.createDirectory" c $ do
    (d, name) <- newName p
    createDirectory fileSystem d name (mode .&. 0o7777)

-- A name that isn't there yet, and its directory.
newName :: Path -> IO (Node, Name)
newName p = do
  found <- located NoFollow p
  case found of
    Entry (d :| _) name Nothing -> return (d, name)
    _ -> failWith eEXIST "path"

foreign export ccall halvm_bridge_files_remove_directory
  :: Call -> Path -> IO ()

halvm_bridge_files_remove_directory :: Call -> Path -> IO ()
halvm_bridge_files_remove_directory c p =
  served_ "HaLVM.FileSystem.removeDirectory" c $ do
    found <- located NoFollow p
    case found of
      At (_ :| []) -> failWith eBUSY "removeDirectory"
      At _ -> failWith eINVAL "removeDirectory"
      Entry _ _ Nothing -> failWith eNOENT "removeDirectory"
      Entry (d :| _) name (Just n)
        | nodeType n /= Directory -> failWith eNOTDIR "removeDirectory"
        | otherwise -> removeDirectory fileSystem d name

foreign export ccall halvm_bridge_files_unlink :: Call -> Path -> IO ()

halvm_bridge_files_unlink :: Call -> Path -> IO ()
halvm_bridge_files_unlink c p = served_ "HaLVM.FileSystem.removeFile" c $ do
  found <- located NoFollow p
  case found of
    At _ -> failWith eISDIR "removeFile"
    Entry _ _ Nothing -> failWith eNOENT "removeFile"
    Entry (d :| _) name (Just n)
      | nodeType n == Directory -> failWith eISDIR "removeFile"
      | otherwise -> removeFile fileSystem d name

foreign export ccall halvm_bridge_files_rename
  :: Call -> Path -> Path -> Word32 -> IO ()

halvm_bridge_files_rename :: Call -> Path -> Path -> Word32 -> IO ()
halvm_bridge_files_rename c from to flags =
  served_ "HaLVM.FileSystem.rename" c $ do
    replace <- case flags of
      0 -> return Replace
      1 -> return NoReplace
      2 -> return Exchange
      _ -> failWith eINVAL "rename"
    (old@(d :| _), name, n) <- named from
    (new@(d', _), name', n') <- (\(u, x, y) -> ((NE.head u, u), x, y))
      <$> named to
    moved <- maybe (failWith eNOENT "rename") return n
    check replace moved (snd new) n'
    when (replace == Exchange) $ maybe (return ()) (\m ->
      when (m `elem` old) (failWith eINVAL "rename")) n'
    rename fileSystem replace d name d' name'
  where
    named p = do
      found <- located NoFollow p
      case found of
        At _ -> failWith eBUSY "rename"
        Entry here name n -> return (here, name, n)
    check replace moved here there
      | nodeType moved == Directory && moved `elem` here =
          failWith eINVAL "rename"
      | otherwise = case there of
          Just _ | replace == NoReplace -> failWith eEXIST "rename"
          Nothing | replace == Exchange -> failWith eNOENT "rename"
          _ -> return ()

foreign export ccall halvm_bridge_files_link
  :: Call -> Path -> Path -> Int32 -> IO ()

halvm_bridge_files_link :: Call -> Path -> Path -> Int32 -> IO ()
halvm_bridge_files_link c old new follow =
  served_ "HaLVM.FileSystem.createLink" c $ do
    n <- nodeAt (following follow) old
    (d, name) <- newName new
    when (nodeType n == Directory) (failWith ePERM "createLink")
    createLink fileSystem n d name

foreign export ccall halvm_bridge_files_symlink :: Call -> Path -> Path -> IO ()

halvm_bridge_files_symlink :: Call -> Path -> Path -> IO ()
halvm_bridge_files_symlink c target p =
  served_ "HaLVM.FileSystem.createSymbolicLink" c $ do
    text <- B.packCString target
    when (B.null text) (failWith eNOENT "createSymbolicLink")
    (d, name) <- newName p
    createSymbolicLink fileSystem d name text

foreign export ccall halvm_bridge_files_read_link
  :: Call -> Path -> Ptr Word8 -> Int -> IO ()

halvm_bridge_files_read_link :: Call -> Path -> Ptr Word8 -> Int -> IO ()
halvm_bridge_files_read_link c p to n =
  served "HaLVM.FileSystem.readLink" c $ do
    node <- nodeAt NoFollow p
    when (nodeType node /= SymbolicLink) (failWith eINVAL "readLink")
    readLink fileSystem node >>= copyOut to n

-- * Attributes

foreign export ccall halvm_bridge_files_set_mode
  :: Call -> Path -> Word32 -> Int32 -> IO ()

halvm_bridge_files_set_mode :: Call -> Path -> Word32 -> Int32 -> IO ()
halvm_bridge_files_set_mode c p mode follow =
  served_ "HaLVM.FileSystem.setMode" c $ do
    n <- nodeAt (following follow) p
    when (nodeType n == SymbolicLink) (failWith eOPNOTSUPP "setMode")
    setMode fileSystem n (mode .&. 0o7777)

foreign export ccall halvm_bridge_files_set_owner
  :: Call -> Path -> Word32 -> Word32 -> Int32 -> IO ()

halvm_bridge_files_set_owner
  :: Call -> Path -> Word32 -> Word32 -> Int32 -> IO ()
halvm_bridge_files_set_owner c p u g follow =
  served_ "HaLVM.FileSystem.setOwner" c $ do
    n <- nodeAt (following follow) p
    setOwner fileSystem n (given u) (given g)
  where
    given x = x <$ guard (x /= maxBound)

foreign export ccall halvm_bridge_files_set_times
  :: Call -> Path -> Int64 -> Int64 -> Int32 -> IO ()

halvm_bridge_files_set_times
  :: Call -> Path -> Int64 -> Int64 -> Int32 -> IO ()
halvm_bridge_files_set_times c p a m follow =
  served_ "HaLVM.FileSystem.setTimes" c $ do
    n <- nodeAt (following follow) p
    setTimes fileSystem n (given a) (given m)
  where
    given t = Time t <$ guard (t /= maxBound)
