-- SPDX-License-Identifier: BSD-3-Clause
-- |
-- An implementation of "HaLVM.FileSystem" in memory. It begins with the
-- directory @\/tmp@ and nothing else. How many bytes its files may take can be
-- told in the environment: @HALVM_FILES_LIMIT@.
--
-- Each operation is one transaction, so none sees another's half.
module HaLVM.FileSystem.Map
  ( FileSystem, Node, File
  , mount, root, nodeType, nodeStatus, space
  , lookupNode, listDirectory, createFile, createDirectory
  , createSymbolicLink, createLink, removeFile, removeDirectory, rename
  , readLink, setMode, setOwner, setTimes
  , open, close, readAt, writeAt, append, setSize, sync
    -- * Beside the signature
  , newFileSystem
  , fromFiles
  ) where

import Control.Concurrent.STM
import Control.Monad
import Data.ByteString (ByteString)
import qualified Data.ByteString.Char8 as B
import qualified Data.Map.Strict as M
import Data.Time.Clock.POSIX (getPOSIXTime)
import Data.Word
import System.Environment (lookupEnv)
import Text.Read (readMaybe)

import HaLVM.FileSystem.Map.Contents hiding (empty, size)
import qualified HaLVM.FileSystem.Map.Contents as C
import HaLVM.Provider.Error
import HaLVM.Provider.File

-- | The file system.
data FileSystem = FileSystem
  { root' :: !Node
  , lastInode :: !(TVar Word64)
  , limit :: !Word64 -- ^ Bytes that files may take.
  , used :: !(TVar Word64)
  }

-- | A file, directory or symbolic link.
data Node = Node
  { inode :: !Word64
  , attributes :: !(TVar Attributes)
  , body :: !Body
  }

instance Eq Node where
  a == b = inode a == inode b

data Body
  = FileBody !(TVar Contents) !(TVar Int) -- ^ and how often it is open
  | DirectoryBody !(TVar (M.Map Name Node)) !(TVar Node) -- ^ and its parent
  | LinkBody !ByteString

data Attributes = Attributes
  { mode :: !Mode
  , owner, group :: !Word32
  , links :: !Word64 -- ^ 0: it has no name any more.
  , accessed, modified, changed :: !Time
  }

-- | An open file.
data File = File !FileSystem !Node !(TVar Contents) !(TVar Int)

-- * Beginning

-- | With the directory @\/tmp@.
mount :: IO FileSystem
mount = do
  l <- (>>= readMaybe) <$> lookupEnv "HALVM_FILES_LIMIT"
  fs <- newFileSystem (maybe (2 ^ (40 :: Int)) id l)
  createDirectory fs (root' fs) (B.pack "tmp") 0o1777
  return fs

-- | An empty one whose files may take so many bytes.
newFileSystem :: Word64 -> IO FileSystem
newFileSystem most = do
  now <- getTime
  atomically $ do
    a <- newTVar (Attributes 0o755 0 0 2 now now now)
    m <- newTVar M.empty
    parent <- newTVar undefined
    let top = Node 1 a (DirectoryBody m parent)
    writeTVar parent top
    FileSystem top <$> newTVar 1 <*> pure most <*> newTVar 0

-- | With files of the given names, which may be in directories, and contents.
fromFiles :: Word64 -> [(ByteString, ByteString)] -> IO FileSystem
fromFiles most files = do
  fs <- newFileSystem most
  forM_ files $ \(path, b) -> do
    let path' = filter (not . B.null) (B.split '/' path)
    d <- foldM (inside fs) (root' fs) (init path')
    n <- createFile fs d (last path') 0o644
    f <- open fs n WriteOnly
    unless (B.null b) (void (writeAt f 0 b))
    close f
  return fs
  where
    inside fs d name = do
      old <- lookupNode fs d name
      case old of
        Just n -> return n
        Nothing -> do
          createDirectory fs d name 0o755
          maybe (failWith eIO "fromFiles") return =<< lookupNode fs d name

getTime :: IO Time
getTime = Time . floor . (* 1000000000) <$> getPOSIXTime

no :: Errno -> String -> STM a
no e place = throwSTM (errnoToIOError place e Nothing Nothing)

-- * Nodes

-- | The top.
root :: FileSystem -> IO Node
root = return . root'

-- | By its body.
nodeType :: Node -> FileType
nodeType n = case body n of
  FileBody _ _ -> RegularFile
  DirectoryBody _ _ -> Directory
  LinkBody _ -> SymbolicLink

-- | All at one moment.
nodeStatus :: FileSystem -> Node -> IO FileStatus
nodeStatus _ n = atomically $ do
  a <- readTVar (attributes n)
  (size, room) <- case body n of
    FileBody c _ -> (\x -> (C.size x, allocated x)) <$> readTVar c
    DirectoryBody m _ -> (\x -> (fromIntegral (M.size x) * 32, 0))
      <$> readTVar m
    LinkBody t -> return (fromIntegral (B.length t), 0)
  return FileStatus
    { statusInode = inode n, statusLinks = links a, statusMode = mode a
    , statusOwner = owner a, statusGroup = group a, statusSize = size
    , statusAllocated = room, statusAccessed = accessed a
    , statusModified = modified a, statusChanged = changed a }

-- | By the limit.
space :: FileSystem -> IO Space
space fs = do
  u <- readTVarIO (used fs)
  n <- readTVarIO (lastInode fs)
  let free = limit fs - min u (limit fs)
  return (Space blockSize (limit fs `div` blockSize) (free `div` blockSize)
    (maxBound `div` 2) (maxBound `div` 2 - n) False)

-- | The text.
readLink :: FileSystem -> Node -> IO ByteString
readLink _ n = case body n of
  LinkBody t -> return t
  _ -> failWith eINVAL "readLink"

change :: Node -> (Time -> Attributes -> Attributes) -> IO ()
change n f = do
  now <- getTime
  atomically $ modifyTVar' (attributes n) $ \a -> (f now a) { changed = now }

-- | At once.
setMode :: FileSystem -> Node -> Mode -> IO ()
setMode _ n m = change n $ \_ a -> a { mode = m }

-- | At once.
setOwner :: FileSystem -> Node -> Maybe Word32 -> Maybe Word32 -> IO ()
setOwner _ n u g = change n $ \_ a ->
  a { owner = maybe (owner a) id u, group = maybe (group a) id g }

-- | At once.
setTimes :: FileSystem -> Node -> Maybe Time -> Maybe Time -> IO ()
setTimes _ n x y = change n $ \_ a ->
  a { accessed = maybe (accessed a) id x, modified = maybe (modified a) id y }

-- * Directories

names :: Node -> STM (TVar (M.Map Name Node), TVar Node)
names n = case body n of
  DirectoryBody m p -> return (m, p)
  _ -> no eNOTDIR "directory"

-- | In the map.
lookupNode :: FileSystem -> Node -> Name -> IO (Maybe Node)
lookupNode _ d name = atomically $ do
  (m, _) <- names d
  M.lookup name <$> readTVar m

-- | The map's.
listDirectory :: FileSystem -> Node -> IO [DirectoryEntry]
listDirectory _ d = do
  m <- atomically (names d >>= readTVar . fst)
  return [DirectoryEntry x (nodeType n) (inode n) | (x, n) <- M.toList m]

-- Puts a node that wasn't in it into a directory that exists.
insert :: Time -> Node -> Name -> Node -> STM ()
insert now d name n = do
  (m, _) <- names d
  a <- readTVar (attributes d)
  when (links a == 0) (no eNOENT "create")
  old <- M.member name <$> readTVar m
  when old (no eEXIST "create")
  modifyTVar' m (M.insert name n)
  touch now d (if nodeType n == Directory then 1 else 0)

-- A directory has changed, and has so many more directories in it.
touch :: Time -> Node -> Int -> STM ()
touch now d more = modifyTVar' (attributes d) $ \a -> a
  { links = fromIntegral (fromIntegral (links a) + more)
  , modified = now, changed = now }

create :: FileSystem -> Node -> Name -> Mode -> (Node -> STM Body) -> IO Node
create fs d name m makeBody = do
  now <- getTime
  atomically $ do
    i <- (+ 1) <$> readTVar (lastInode fs)
    writeTVar (lastInode fs) i
    b <- makeBody d
    let directory = case b of
          DirectoryBody _ _ -> 2
          _ -> 1
    a <- newTVar (Attributes m 0 0 directory now now now)
    let n = Node i a b
    n <$ insert now d name n

-- | An empty one.
createFile :: FileSystem -> Node -> Name -> Mode -> IO Node
createFile fs d name m = create fs d name m $ \_ ->
  FileBody <$> newTVar C.empty <*> newTVar 0

-- | An empty one.
createDirectory :: FileSystem -> Node -> Name -> Mode -> IO ()
createDirectory fs d name m = void $ create fs d name m $ \p ->
  DirectoryBody <$> newTVar M.empty <*> newTVar p

-- | With this text.
createSymbolicLink :: FileSystem -> Node -> Name -> ByteString -> IO ()
createSymbolicLink fs d name t =
  void (create fs d name 0o777 (\_ -> return (LinkBody t)))

-- | One more.
createLink :: FileSystem -> Node -> Node -> Name -> IO ()
createLink _ n d name = do
  now <- getTime
  atomically $ do
    a <- readTVar (attributes n)
    when (links a == 0) (no eNOENT "createLink")
    insert now d name n
    writeTVar (attributes n) a { links = links a + 1, changed = now }

-- Takes a name out of a directory; what had it.
takeOut :: Time -> Node -> Name -> STM Node
takeOut now d name = do
  (m, _) <- names d
  n <- maybe (no eNOENT "remove") return . M.lookup name =<< readTVar m
  modifyTVar' m (M.delete name)
  touch now d (if nodeType n == Directory then -1 else 0)
  return n

-- It has one name less.
drop' :: FileSystem -> Time -> Node -> STM ()
drop' fs now n = do
  modifyTVar' (attributes n) $ \a -> a { links = links a - 1, changed = now }
  reclaim fs n

-- A file without names and not open takes no room.
reclaim :: FileSystem -> Node -> STM ()
reclaim fs n = case body n of
  FileBody c o -> do
    a <- readTVar (attributes n)
    k <- readTVar o
    when (links a == 0 && k == 0) $ do
      x <- readTVar c
      modifyTVar' (used fs) (subtract (allocated x))
      writeTVar c C.empty
  _ -> return ()

-- | At once.
removeFile :: FileSystem -> Node -> Name -> IO ()
removeFile fs d name = do
  now <- getTime
  atomically $ do
    n <- takeOut now d name
    when (nodeType n == Directory) (no eISDIR "removeFile")
    drop' fs now n

-- | At once.
removeDirectory :: FileSystem -> Node -> Name -> IO ()
removeDirectory _ d name = do
  now <- getTime
  atomically (takeOut now d name >>= dropDirectory now)

dropDirectory :: Time -> Node -> STM ()
dropDirectory now n = do
  (m, _) <- names n
  inside <- readTVar m
  unless (M.null inside) (no eNOTEMPTY "removeDirectory")
  modifyTVar' (attributes n) $ \a -> a { links = 0, changed = now }

-- | At once.
rename :: FileSystem -> Replace -> Node -> Name -> Node -> Name -> IO ()
rename fs replace d name d' name' = do
  now <- getTime
  atomically $ do
    n <- takeOut now d name
    (m', _) <- names d'
    inNew <- M.lookup name' <$> readTVar m'
    -- Where nothing was but what has just been taken out: the same name.
    let same = d == d' && name == name'
    case inNew of
      _ | same -> put now d name n
      Just old
        | old == n -> put now d name n
        | replace == NoReplace -> no eEXIST "rename"
        | replace == Exchange -> do
            _ <- takeOut now d' name'
            outside old d
            outside n d'
            put now d name old
            put now d' name' n
        | otherwise -> do
            fits n old
            _ <- takeOut now d' name'
            if nodeType old == Directory
              then dropDirectory now old
              else drop' fs now old
            outside n d'
            put now d' name' n
      Nothing
        | replace == Exchange -> no eNOENT "rename"
        | otherwise -> outside n d' >> put now d' name' n
  where
    put now to x n = do
      insert now to x n
      modifyTVar' (attributes n) $ \a -> a { changed = now }
      case body n of
        DirectoryBody _ p -> writeTVar p to
        _ -> return ()
    fits n old = case (nodeType n, nodeType old) of
      (Directory, Directory) -> return ()
      (Directory, _) -> no eNOTDIR "rename"
      (_, Directory) -> no eISDIR "rename"
      _ -> return ()

-- The first node isn't the second one nor above it.
outside :: Node -> Node -> STM ()
outside n d
  | n == d = no eINVAL "rename"
  | otherwise = do
      (_, p) <- names d
      up <- readTVar p
      unless (up == d) (outside n up)

-- * Files

-- | Counts it.
open :: FileSystem -> Node -> Access -> IO File
open fs n _ = case body n of
  FileBody c o -> do
    atomically (modifyTVar' o (+ 1))
    return (File fs n c o)
  DirectoryBody _ _ -> failWith eISDIR "open"
  LinkBody _ -> failWith eLOOP "open"

-- | The last one of a file without names frees its room.
close :: File -> IO ()
close (File fs n _ o) = atomically (modifyTVar' o (subtract 1) >> reclaim fs n)

-- | From the blocks. Reading doesn't change the time of access.
readAt :: File -> Word64 -> Int -> IO ByteString
readAt (File _ _ c _) at n = readBytes at n <$> readTVarIO c

-- | All, or @ENOSPC@.
writeAt :: File -> Word64 -> ByteString -> IO Int
writeAt f at b = fst <$> update f (\c -> (writeBytes at b c, B.length b))

-- | All, or @ENOSPC@.
append :: File -> ByteString -> IO (Int, Word64)
append f b = do
  (n, c) <- update f (\c -> (writeBytes (C.size c) b c, B.length b))
  return (n, C.size c)

-- | A hole takes no room.
setSize :: File -> Word64 -> IO ()
setSize f n = void (update f (\c -> (resize n c, ())))

update :: File -> (Contents -> (Contents, a)) -> IO (a, Contents)
update (File fs n v _) f = do
  now <- getTime
  atomically $ do
    c <- readTVar v
    u <- readTVar (used fs)
    let (c', r) = f c
        u' = u - allocated c + allocated c'
    when (C.size c' > 2 ^ (56 :: Int)) (no eFBIG "write")
    when (u' > limit fs && u' > u) (no eNOSPC "write")
    writeTVar v $! c'
    writeTVar (used fs) $! u'
    modifyTVar' (attributes n) $ \a -> a { modified = now, changed = now }
    return (r, c')

-- | Memory is all there is.
sync :: File -> Bool -> IO ()
sync _ _ = return ()
